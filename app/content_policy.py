"""What a page of ours may load and where it may lead: nothing from elsewhere, but where a page says so for itself."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def with_pictures_from(*origins: str) -> str:
    """The same for a page that shows pictures of these origins too."""
    return CONTENT_SECURITY_POLICY.replace("img-src 'self'", " ".join(("img-src 'self'", *origins)))
