"""The desk's cookies. `__Host-` binds each to this host alone, over TLS, for all of its paths (RFC 6265bis, 4.1.3)."""

SESSION = "__Host-desk"
SIGN_IN = "__Host-desk-sign-in"
LANGUAGE = "__Host-desk-language"
YEAR = 365 * 24 * 3600
TEN_MINUTES = 600


def given(name: str, value: str, seconds: int | None = None) -> str:
    """Return the header that gives a browser a cookie, until it is closed where no length of time is named."""
    lasts = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{lasts}"


def taken(name: str) -> str:
    """Return the header that takes a cookie from a browser."""
    return given(name, "", 0)
