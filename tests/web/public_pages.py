"""The public pages that there are, for tests that look at each. Asserts nothing."""

PAGES = (
    "/en/",
    "/en/report",
    "/en/ways",
    "/en/ways/bookmark",
    "/en/ways/share",
    "/en/ways/offline",
    "/en/status",
    "/en/check",
    "/en/networks",
    "/en/help",
    "/en/help/sources",
    "/en/safety",
    "/en/safety/young-people",
    "/en/safety/parents",
    "/en/safety/job-seekers",
    "/en/cards",
    "/en/about",
    "/en/privacy",
)


ON_THE_TEST_NAMES = ("/en/check-connection", "/en/check-connection/reached")
"""These look at two names that are not the page's own, which is what they are for; test_public_connection.py has them."""

TELLING_PAGES = (*PAGES, "/en/nothing-here")
"""Each of them, and the page that says that there is none here."""
