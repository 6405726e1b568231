"""How long the editor's preview takes for a lesson of 3,000 words, and its ratio to a plain render.

    python -m bench.preview

The floor is Python-Markdown alone on the same text in the same run; the preview is that, the
checks, the allow-list and the way to the helper process and back.
"""

import statistics
import time
from collections.abc import Callable

import markdown

from config import ROOT
from domain.library.documents import split_front_matter
from gateways.rendering import RenderingProcess

ROUNDS = 15
WORDS = 3000
LESSON = "courses/law/check-before-you-promise.md"


def text_of(words: int) -> str:
    """A real lesson, its sections repeated under other headings until it has so many words."""
    source = (ROOT / "content" / LESSON).read_text()
    _, body, _ = split_front_matter(source, LESSON)
    front, made = source[: -len(body)], body
    while len(made.split()) < words:
        made += body.replace("## ", f"## {len(made)} ")
    return front + made


def median_ms(work: Callable[[], object]) -> float:
    """The median of some rounds, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def main() -> None:
    source = text_of(WORDS)
    figures = {
        path.relative_to(ROOT / "content").as_posix(): path.read_text()
        for path in (ROOT / "content" / "courses" / "law" / "figures").glob("*.svg")
    }
    helper = RenderingProcess("services.library.compiling:preview")
    texts = iter(f"{source}\n\nWord {n}.\n" for n in range(10**6))  # nothing is remembered

    def preview() -> object:
        return helper({"path": LESSON, "source": next(texts), "figures": figures})

    preview()
    floor = median_ms(lambda: markdown.markdown(source))
    ours = median_ms(preview)
    helper.stop()
    print(f"words            {len(source.split())}")
    print(f"markdown alone   {floor:8.1f} ms")
    print(f"preview          {ours:8.1f} ms")
    print(f"ratio            {ours / floor:8.2f}")


if __name__ == "__main__":
    main()
