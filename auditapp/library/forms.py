"""The library's forms."""

from __future__ import annotations

from auditapp.web.forms import Form, LongText, Text, Tick, Upload


class AddForm(Form):
    """A definition file, taken in as a draft."""

    file = Upload("Definition file", needed="Choose a definition file", hint="A .yaml file of at most 256 KB")
    note = Text(
        "What is new in it?", longest=200, hint="One sentence, shown beside the version. Leave empty for a new template"
    )


class PublishForm(Form):
    """The last look before a version is frozen."""

    sure = Tick(
        "I have read it through; it can never be changed afterwards",
        needed="Tick the box to say that you have read it through",
    )


class ThemeForm(Form):
    """A new theme of the council's list."""

    name = Text("Name", needed="Enter the name of the theme", longest=60)
    meaning = LongText("What it is about", needed="Enter what the theme is about", longest=200)
