"""A file of hotlines of a test's own."""

GOOD = """
[[FR]]
for = ["child"]
name = "A line"
number = "119"
hours = "mo-fr 09:00-17:00"
languages = ["fr"]
source = "https://www.example.org/lines"
read_on = 2026-11-24
"""


def written(folder, text):
    file = folder / "hotlines.toml"
    file.write_text(text, encoding="utf-8")
    return file
