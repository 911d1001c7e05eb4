"""Text that people wrote for others to read loses its markup and nothing else."""

import pytest

from app.sanitizing import sanitize


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("They took <b>his</b> passport.", "They took his passport."),
        ("<script>alert(1)</script>Held.", "alert(1)Held."),
        ('<a href="https://evil.test/">here</a>', "here"),
        ("Fewer than < 3 & more", "Fewer than &lt; 3 &amp; more"),
        ("Нет разметки, 没有标记", "Нет разметки, 没有标记"),
    ],
)
def test_markup_is_taken_out_and_the_rest_is_escaped(written, shown):
    assert str(sanitize(written)) == shown
