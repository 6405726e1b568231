// Looks at what the assessment needs of a device. Nothing of it is sent or kept.
const list = document.querySelector("[data-checks]");
const SKEW_MS = 120_000;
const SLOW_MS = 1500;

function settle(name, good) {
  const line = list.querySelector(`[data-check="${name}"]`);
  line.querySelector("[data-wait]").hidden = true;
  line.querySelector(good ? "[data-good]" : "[data-bad]").hidden = false;
}

function storage() {
  return new Promise((resolve) => {
    try {
      const asked = indexedDB.open("threshold-device-check", 1);
      asked.onerror = () => resolve(false);
      asked.onsuccess = () => {
        asked.result.close();
        indexedDB.deleteDatabase("threshold-device-check");
        resolve(true);
      };
    } catch {
      resolve(false);
    }
  });
}

// The quickest of three: the first one may have to open the line.
async function line(address) {
  let best = Infinity;
  let skew = null;
  for (let n = 0; n < 3; n += 1) {
    const begun = performance.now();
    const answer = await fetch(address, { cache: "no-store" });
    const took = performance.now() - begun;
    const date = Date.parse(answer.headers.get("Date") ?? "");
    if (took < best && !Number.isNaN(date)) skew = Math.abs(Date.now() - took / 2 - date);
    best = Math.min(best, took);
  }
  return { best, skew };
}

async function look() {
  document.querySelector("[data-off]").hidden = true;
  list.hidden = false;
  settle("script", true);
  settle("storage", await storage());
  try {
    const { best, skew } = await line(list.dataset.checks);
    settle("line", best < SLOW_MS);
    settle("clock", skew === null || skew < SKEW_MS);
  } catch {
    settle("line", false);
    settle("clock", true); // the server's clock alone counts
  }
  const done = document.querySelector("[data-done]");
  done.textContent = done.dataset.doneWords;
}

if (list) look();
