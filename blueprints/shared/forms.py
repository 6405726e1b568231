"""The base of every form: texts come from text fields, files from file fields, nothing from JSON.

Flask-WTF by itself reads a JSON body into a form, with numbers and lists where fields take texts,
and a file where a text is meant. Nobody honest sends either: what fits no field counts as missing.
"""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import CombinedMultiDict, MultiDict


class Form(FlaskForm):
    """What a person filled in, each field of the kind that it says."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: "Form", formdata: Any) -> Any:
            """What was sent; None where nothing was, or where the view says so."""
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            if not form.is_submitted() or not (request.form or request.files):
                return None
            wanted = {field.name for field in form if isinstance(field, FileField)}
            sent = [(n, file) for n, file in request.files.items(multi=True) if n in wanted]
            return CombinedMultiDict([MultiDict(sent), request.form])
