"""What a browser sends of the item editor's form, read from its page."""

import html5lib

# An item of the course for each kind.
ONE_OF_EACH = (
    "C2-P01", "C3-P03", "C3-K01", "C3-S26", "C3-Q04", "A1-Q08", "C3-K05", "C3-K02", "C3-K03",
    "C3-K04", "C7-K08", "C3-K06",
)  # fmt: skip


def controls(page: str) -> dict[str, str]:
    """The fields of the editor's form, as a browser would send them."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(f for f in tree.iter("form") if f.get("id") == "item-form")
    sent: dict[str, str] = {}
    for control in form.iter():
        name = control.get("name")
        if name in (None, "csrf_token") or control.tag == "button":
            continue
        if control.tag == "textarea":
            # The parser has dropped the line feed that opens a text area, as browsers do.
            sent[name] = "".join(control.itertext()).replace("\n", "\r\n")
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [o for o in options if "selected" in o.attrib] or options[:1]
            sent[name] = chosen[0].get("value", "")
        elif control.get("type") != "checkbox" or "checked" in control.attrib:
            sent[name] = control.get("value", "")
    return sent
