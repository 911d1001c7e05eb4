"""The whole story, played over HTTP against a fresh server as people would. Knows only what pages, feed and command line show."""
