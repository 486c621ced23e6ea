"""What every refusal has in common, whatever was asked (contracts: clients §1.10, sdk-v1 §9, service-facts §1)."""

import re

DATA_PLANE = re.compile(r"^/+(history|execution|content|artifact|metric|environment|modelmanagement|modelregistry|datastore|dataset|data|credential)/", re.I)
# A class name, a line of a stack, or what a framework says when nobody has thought of the case.
LEAKS = re.compile(r"\b(?:java|org|dev|tools|jakarta)\.[a-z]+\.|Exception\b|\bat [\w.$]+\(|Whitelabel", re.I)


def check_refusal(answer, path, status, code=None):
    """Fails unless it is Azure's error with this status and, where it is named, this code."""
    shown = f"{answer.request.method} {path}: {answer.status_code} {answer.text[:600]}"
    allowed = status if isinstance(status, tuple) else (status,)
    assert answer.status_code in allowed, shown
    if not answer.text and answer.request.method == "HEAD":
        return None
    error = answer.json()["error"]
    assert re.fullmatch(r"[A-Z][A-Za-z]+", error["code"]), shown
    assert isinstance(error["message"], str) and error["message"], shown
    assert not LEAKS.search(answer.text), shown
    if DATA_PLANE.match(path):
        # Without the array, printing the v1 SDK's exception raises another one.
        assert isinstance(error["details"], list), shown
        named = (error["code"], (error.get("innerError") or {}).get("code"))
    else:
        named = (error["code"],)
    if code:
        assert code in named, shown
    return error
