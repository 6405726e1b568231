"""Files that nobody sends by mistake, made by code: name -> (what reads it, its bytes)."""

import random
import struct
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from io import BytesIO

Made = Callable[[], bytes]
READ, PICTURE = "read", "picture"
ITEM = b"<assessmentItem xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1' identifier='i' title='t'>"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def zipped(files: dict[str, bytes], mode: int = 0, **options: int) -> bytes:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", options.get("method", zipfile.ZIP_DEFLATED)) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = options.get("method", zipfile.ZIP_DEFLATED)
            entry.external_attr = mode << 16
            archive.writestr(entry, data)
    return whole.getvalue()


def workbook(sheet: bytes, strings: bytes = b"") -> bytes:
    files = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>",
             "xl/worksheets/sheet1.xml": sheet}  # fmt: skip
    return zipped(files | ({"xl/sharedStrings.xml": strings} if strings else {}))


def sheet(rows: bytes) -> bytes:
    return f'<worksheet xmlns="{SHEET}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>"


def png(width: int, height: int, body: bytes = b"\0" * 100, *chunks: tuple[bytes, bytes]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    more = b"".join(chunk(kind, data) for kind, data in chunks)
    whole = b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", zlib.compress(body, 9))
    return whole + chunk(b"IEND", b"")


def gif(frames: int, width: int = 8, height: int = 8) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = (b"\x21\xf9\x04\0\x01\0\0\0" + b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0)
             + b"\x02\x02\x4c\x01\0")  # fmt: skip
    return head + frame * frames + b"\x3b"


def laughs(root: bytes) -> bytes:
    entities = b'<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    return (
        b"<?xml version='1.0'?><!DOCTYPE x [" + entities + b"]><" + root + b">&j;</" + root + b">"
    )


def bomb() -> bytes:
    return b"\0" * (1 << 20)


def nested_zip(depth: int) -> bytes:
    data = b"x"
    for _ in range(depth):
        data = zipped({"a.zip": data})
    return data


SUM = zlib.crc32(b"a" * 20_000_000)


def overlapping() -> bytes:
    """Many entries that share one compressed stream, as zip bombs without recursion do."""
    data = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = data.compress(b"a" * 20_000_000) + data.flush()
    local = b"PK\x03\x04" + struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, SUM,
                                        len(packed), 20_000_000, 5, 0) + b"a.xml"  # fmt: skip
    central = b"".join(
        b"PK\x01\x02" + struct.pack("<HHHHHHLLLHHHHHLL", 20, 20, 0, 8, 0, 33,
                                    SUM, len(packed), 20_000_000, 5, 0, 0,
                                    0, 0, 0, 0) + b"%c.xml" % (97 + n) for n in range(26)
    )  # fmt: skip
    end = b"PK\x05\x06" + struct.pack(
        "<HHHHLLH", 0, 0, 26, 26, len(central), len(local) + len(packed), 0
    )
    return local + packed + central + end


def lying_list(count: int, size: int) -> bytes:
    return (
        b"PK\x03\x04"
        + b"\0" * 30
        + b"PK\x05\x06"
        + struct.pack("<HHHHLLH", 0, 0, count, count, size, 0, 0)
    )


def _archives() -> Iterator[tuple[str, Made]]:
    for name in ("../out.xml", "../../etc/passwd.xml", "/etc/cron.d/x.xml", "C:\\x.xml",
                 "a/../../b.xml",
                 "..\\..\\x.xml", "\\\\server\\x.xml", "a\0b.xml", "a\nb.xml", "x" * 300 + ".xml",
                 "./../x.xml", "items/../../x.yaml", "~/../x.md"):  # fmt: skip
        yield f"name {name[:14]!r}", lambda name=name: zipped({name: b"<a/>"})
    for kind, mode in (
        ("link", 0o120777),
        ("device", 0o060666),
        ("fifo", 0o010666),
        ("setuid", 0o104777),
    ):
        yield f"{kind} inside", lambda mode=mode: zipped({"a.xml": b"/etc/passwd"}, mode)
    yield "bomb of one file", lambda: zipped({"imsmanifest.xml": bomb() * 200})
    yield "bomb of many files", lambda: zipped({f"a{n}.xml": bomb() * 20 for n in range(20)})
    yield "bomb in a sheet", lambda: workbook(sheet(b"<row/>" * 4_000_000))
    yield "bomb as a course", lambda: zipped({"courses/a/b.md": bomb() * 120})
    yield "bomb as a picture", lambda: zipped({"imsmanifest.xml": b"<a/>", "p.png": bomb() * 100})
    yield "overlapping bomb", overlapping
    for depth in (2, 20, 60):
        yield f"zip in zip {depth}", lambda depth=depth: nested_zip(depth)
    yield "many files", lambda: zipped({f"{n}.xml": b"" for n in range(5000)})
    yield "many folders", lambda: zipped({f"{n}/": b"" for n in range(5000)})
    for count, size in ((65535, 10), (1, 0xFFFFFFFF), (60000, 3_000_000), (3, 500_000), (0, 0)):
        yield f"list says {count} {size}", lambda count=count, size=size: lying_list(count, size)
    sound = zipped({"imsmanifest.xml": b"<manifest/>", "a.xml": ITEM})
    for cut in (4, 10, 31, 60, len(sound) - 30, len(sound) - 1):
        yield f"cut at {cut}", lambda cut=cut: sound[:cut]
    yield "wrong checksum", lambda: sound.replace(b"PK\x03\x04", b"PK\x03\x04", 1)[:20] + sound[21:]
    yield "with a password", lambda: sound.replace(b"\x14\0\0\0\x08", b"\x14\0\x01\0\x08")
    yield "unknown packing", lambda: sound.replace(b"\x14\0\0\0\x08\0", b"\x14\0\0\0\x63\0")
    yield "lzma inside", lambda: zipped({"imsmanifest.xml": bomb()}, method=zipfile.ZIP_LZMA)
    yield "bzip inside", lambda: zipped({"imsmanifest.xml": bomb() * 100}, method=zipfile.ZIP_BZIP2)
    yield "text before the zip", lambda: b"GIF89a" + sound
    yield "no course", lambda: zipped({"a.md": b"x"})
    yield "course of noise", lambda: zipped({"courses/a/b.md": bytes(range(256)) * 100})
    yield "framework inside", lambda: zipped({"framework/standard.yaml": b"a: 1\n"})
    yield "deep yaml", lambda: zipped({"items/C1/C1-I01.yaml": b"[" * 100_000})
    yield (
        "yaml aliases",
        lambda: zipped({"items/C1/C1-I01.yaml": b"a: &a [1]\nb: [" + b"*a," * 99 + b"*a]\n"}),
    )
    yield (
        "svg with script",
        lambda: zipped({"items/figures/a.svg": b"<svg><script>x()</script></svg>"}),
    )
    yield (
        "deep manifest",
        lambda: zipped({"courses/a/b.md": b"x", "threshold.json": b"[" * 200_000}),
    )
    yield "the same name twice", lambda: _twice()


def _twice() -> bytes:
    whole = zipped({"aa.xml": b"<a/>", "ab.xml": b"<b/>"})
    return whole.replace(b"ab.xml", b"aa.xml")


def _xml() -> Iterator[tuple[str, Made]]:
    for root in (b"quiz", b"assessmentItem", b"manifest"):
        name = root.decode()
        yield f"laughs in {name}", lambda root=root: laughs(root)
        yield f"dtd from a file {name}", lambda root=root: (
            b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'><" + root + b"/>")  # fmt: skip
        yield (
            f"entity of a file {name}",
            lambda root=root: (
                b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><"
                + root
                + b">&e;</"
                + root
                + b">"
            ),
        )
        yield (
            f"parameter entity {name}",
            lambda root=root: (
                b"<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://127.0.0.1/x'> %p;]><" + root + b"/>"
            ),
        )
        yield (
            f"deep {name}",
            lambda root=root: (
                b"<" + root + b">" + b"<a>" * 300_000 + b"</a>" * 300_000 + b"</" + root + b">"
            ),
        )
        yield (
            f"many attributes {name}",
            lambda root=root: (
                b"<" + root + b" " + b" ".join(b"a%d='1'" % n for n in range(100_000)) + b"/>"
            ),
        )
        yield (
            f"many elements {name}",
            lambda root=root: b"<" + root + b">" + b"<a/>" * 1_500_000 + b"</" + root + b">",
        )
        yield f"never closed {name}", lambda root=root: b"<" + root + b"><question type='essay'>"
        yield (
            f"a long name {name}",
            lambda root=root: b"<" + root + b"><" + b"n" * 3_000_000 + b"/></" + root + b">",
        )
    question = (
        b"<quiz><question type='%s'><name><text>n</text></name><questiontext format='html'>"
        b"<text><![CDATA[%s]]></text>%s</questiontext>%s</question></quiz>"
    )
    for name, html in (
        ("open tags", b"<a" * 1_000_000), ("open comments", b"<!--" * 500_000),
        ("quotes", b"<a title='" * 300_000), ("deep lists", b"<ul><li>" * 200_000),
        ("entities", b"&amp" * 1_000_000), ("marks", b"*_`[" * 500_000),
        ("pipes", b"<td>" * 400_000),
        ("long word", b"x" * 4_000_000), ("surrogates", b"&#xD800;&#xDFFF;" * 1000),
        ("nul by number", b"&#0;" * 1000),
        ("a data address", b"<img src='data:image/png;base64," + b"A" * 2_000_000 + b"'>"),
    ):  # fmt: skip
        yield f"moodle {name}", lambda html=html: question % (b"essay", html, b"", b"")
    picture = b64encode(png(60_000, 60_000))
    file = b"<file name='a.png' encoding='base64'>%s</file>"
    shown = b"<img src='@@PLUGINFILE@@/a.png'>"
    for name, data in (("huge picture", picture), ("no base64", b"%%%"),
                       ("zip as picture", b64encode(sound_zip())),
                       ("svg as picture", b64encode(b"<svg onload='x()'/>"))):  # fmt: skip
        yield f"moodle {name}", lambda data=data: question % (b"essay", shown, file % data, b"")
    yield "utf-16 without a mark", lambda: "<quiz/>".encode("utf-16-le")
    yield "utf-7", lambda: b"<?xml version='1.0' encoding='utf-7'?><quiz/>"
    yield "martian", lambda: b"<?xml version='1.0' encoding='martian'?><quiz/>"
    yield "two encodings", lambda: "<quiz>é</quiz>".encode() + "é".encode("latin-1")
    yield "utf-32", lambda: "<quiz/>".encode("utf-32")
    yield "qti 1.2", lambda: b"<questestinterop/>"
    yield "odd numbers", lambda: (
        b"<quiz><question type='numerical'><questiontext><text>q</text></questiontext>"
        b"<answer fraction='1e999'>"
        b"<text>1e999999999</text><tolerance>NaN</tolerance></answer>"
        b"</question></quiz>")  # fmt: skip


def sound_zip() -> bytes:
    return zipped({"a.xml": b"<a/>"})


def _texts() -> Iterator[tuple[str, Made]]:
    yield "nothing", lambda: b""
    yield "blanks", lambda: b" \n\t" * 100_000
    yield "one nul", lambda: b"Q? {T}\0"
    yield "only nul", lambda: b"\0" * 1_000_000
    yield "half utf-8", lambda: b"Q? \xe4\xbd {T}"
    yield "surrogates in utf-8", lambda: b"Q? \xed\xa0\x80 {T}"
    yield "latin-1", lambda: "Größe? {T}".encode("latin-1")
    yield "utf-16 cut", lambda: "Q? {T}".encode("utf-16")[:-1]
    yield "noise", lambda: random.Random(7).randbytes(500_000)
    yield "a program", lambda: b"\x7fELF" + random.Random(8).randbytes(10_000)
    for sign in (
        "{",
        "}",
        "=",
        "~",
        "\\",
        "#",
        ":",
        "%",
        "->",
        "{}",
        "::",
        "//\n",
        "$CATEGORY: ",
        "{=a ~b}",
        "[html]<",
    ):
        yield f"gift of {sign!r}", lambda sign=sign: sign.encode() * (2_000_000 // len(sign))
    yield "gift, endless line", lambda: b"Q" * 10_000_000 + b" {T}"
    yield "gift, many lines", lambda: b"a\n\n" * 1_500_000
    yield "gift, open braces", lambda: b"Q {\n\n=" * 200_000
    yield "gift, escapes", lambda: b"Q? {=" + b"\\n\\:" * 1_000_000 + b" ~b}"
    yield "gift, tags", lambda: b"// [tag:" * 300_000 + b"\nQ? {T}"
    yield "gift, many answers", lambda: b"Q? {" + b"~a " * 500_000 + b"=b}"
    yield "gift, numbers", lambda: b"Q? {#" + b"9" * 1_000_000 + b"}"
    yield "aiken, many options", lambda: b"Q?\n" + b"A. a\n" * 400_000 + b"ANSWER: A\n"
    yield "aiken, no end", lambda: b"ANSWER: A\n" + b"Q?\nA. a\nB. b\n" * 150_000
    yield "csv, endless cell", lambda: b'kind,question\nsingle,"' + b"x" * 5_000_000
    yield "csv, many columns", lambda: b"kind,question," + b"a," * 500_000
    yield "csv, 300,000 empty rows", lambda: b"kind,question\n" + b",\n" * 300_000
    yield "csv, many rows", lambda: b"kind,question\n" + b"single,Q?\n" * 100_000
    yield "csv, formulas", lambda: b"kind,question\nsingle,=cmd|' /C calc'!A0\n"
    yield "csv, deep json", lambda: b'kind,question,more\nsingle,Q?,"' + b"[" * 100_000 + b'"\n'
    yield "csv, nan", lambda: b'kind,question,more\nsingle,Q?,"{""a"": NaN}"\n'


def _sheets() -> Iterator[tuple[str, Made]]:
    cell = b"<c t='inlineStr'><is><t>%s</t></is></c>"
    head = b"<row>" + cell % b"kind" + cell % b"question" + b"</row>"
    yield "300,000 empty rows", lambda: workbook(sheet(head + b"<row/>" * 300_000))
    yield (
        "300,000 empty cells",
        lambda: workbook(sheet(head + b"<row>" + b"<c/>" * 300_000 + b"</row>")),
    )
    yield (
        "300,000 full rows",
        lambda: workbook(sheet(head + b"<row><c><v>1</v></c></row>" * 300_000)),
    )
    yield "far column", lambda: workbook(sheet(head + b"<row r='2'><c r='XFD2'><v>1</v></c></row>"))
    yield "far row", lambda: workbook(sheet(head + b"<row r='99999999999'><c><v>1</v></c></row>"))
    yield (
        "string that is not there",
        lambda: workbook(sheet(b"<row><c t='s'><v>999999</v></c></row>")),
    )
    yield (
        "many strings",
        lambda: workbook(sheet(head), b"<sst>" + b"<si><t>a</t></si>" * 700_000 + b"</sst>"),
    )
    yield (
        "long string",
        lambda: workbook(sheet(head), b"<sst><si><t>" + b"a" * 20_000_000 + b"</t></si></sst>"),
    )
    yield "laughs in a sheet", lambda: workbook(laughs(b"worksheet"))
    yield "deep sheet", lambda: workbook(b"<worksheet>" + b"<row>" * 400_000)
    yield "no sheet", lambda: zipped({"xl/workbook.xml": b"<a/>"})
    yield "broken sheet", lambda: workbook(b"<worksheet><sheetData><row")


def _pictures() -> Iterator[tuple[str, Made]]:
    for width, height in (
        (60_000, 60_000),
        (1, 2**31 - 1),
        (2**31 - 1, 1),
        (0, 0),
        (30_000, 30_000),
        (5000, 5000),
    ):
        yield f"png says {width} x {height}", lambda width=width, height=height: png(width, height)
    yield (
        "png that unpacks",
        lambda: png(4000, 3900, b"\0" * (4000 * 3900 * 3 + 3900) + bomb() * 100),
    )
    yield (
        "png with much text",
        lambda: png(1, 1, b"\0" * 4, (b"zTXt", b"a\0\0" + zlib.compress(bomb() * 100))),
    )
    yield (
        "png with a profile",
        lambda: png(1, 1, b"\0" * 4, (b"iCCP", b"a\0\0" + zlib.compress(bomb() * 100))),
    )
    yield "png cut", lambda: png(100, 100)[:60]
    yield "png with a wrong sum", lambda: png(1, 1)[:-20] + b"\0" * 20
    yield "gif of 20,000 frames", lambda: gif(20_000)
    yield "gif of 499 frames", lambda: gif(499)
    yield "gif of 65,535 squared", lambda: gif(1, 65535, 65535)
    yield "gif cut", lambda: gif(3)[:20]
    yield "jpeg head only", lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0"
    yield (
        "jpeg says 65,500 squared",
        lambda: (
            b"\xff\xd8\xff\xc0\0\x11\x08\xff\xdc\xff\xdc\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xda"
        ),
    )
    yield "webp head only", lambda: b"RIFF\xff\xff\xff\x7fWEBPVP8 "
    yield (
        "webp says 16,383 squared",
        lambda: b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xfe\x3f\0\xfe\x3f\0",
    )
    yield "svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>"
    yield "svg as png", lambda: b"\x89PNG\r\n\x1a\n<svg onload='x()'/>"
    yield "html as gif", lambda: b"GIF89a<script>x()</script>"
    yield "gif and script", lambda: b"GIF89a/*" + b"\0" * 20 + b"*/=1;x()"
    yield "jpeg and zip", lambda: b"\xff\xd8\xff\xe0" + sound_zip()
    yield "pdf", lambda: b"%PDF-1.7"
    yield "postscript", lambda: b"%!PS-Adobe-3.0 EPSF\n"
    yield "tiff", lambda: b"II*\0" + b"\0" * 100
    yield "icon", lambda: b"\0\0\1\0\1\0" + b"\0" * 100
    yield "bmp", lambda: b"BM" + b"\xff" * 100
    yield "too large", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 9_000_000


FILES: dict[str, tuple[str, Made]] = {
    **{f"archive: {name}": (READ, made) for name, made in _archives()},
    **{f"xml: {name}": (READ, made) for name, made in _xml()},
    **{f"text: {name}": (READ, made) for name, made in _texts()},
    **{f"sheet: {name}": (READ, made) for name, made in _sheets()},
    **{f"picture: {name}": (PICTURE, made) for name, made in _pictures()},
}
