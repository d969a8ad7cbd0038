"""Signing in and changing one's password: two plain pages that work before anything else of the console does.

They ask the same addresses as a script would (`/api/v1/session`, `/api/v1/me/password`): there is one way to sign in.
"""

import json
from html import escape
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.console import icon
from api.console.assets import HEAD
from api.console.frame import LANG_TAGS, language_of
from api.console.tongue import LANGUAGES, Tongue
from api.services import Services

NEVER_KEPT = {"Cache-Control": "no-store"}
FAVICON = f"data:image/svg+xml,{icon.FAVICON}".replace('"', "'").replace("#", "%23")


def router(services: Services) -> APIRouter:
    """Make the door's addresses."""
    made = APIRouter(include_in_schema=False)

    def tongue(request: Request) -> Tongue:
        return Tongue(language_of(request, services.settings.language), services.zone)

    @made.get("/sign-in")
    def sign_in(request: Request, next: str = "/") -> Response:  # noqa: A002  # the name of the query's part
        t = tongue(request)
        fields = _field(t("user_name"), "name", "text", "username") + _field(
            t("password"), "password", "password", "current-password"
        )
        script = f"sp.door(form, 'POST', '/api/v1/session', {_quoted(own_path(next))})"
        return _page(services, t, t("sign_in"), t("sign_in_sub"), fields, t("sign_in"), script)

    @made.get("/change-password")
    def change_password(request: Request) -> Response:
        t = tongue(request)
        caller = request.state.caller
        if caller.session is None:
            return RedirectResponse("/sign-in", 303)
        hidden = f'<input type="hidden" autocomplete="username" value="{escape(caller.principal.name)}">'
        fields = (
            hidden
            + _field(t("password_present"), "present", "password", "current-password")
            + _field(t("password_new"), "new", "password", "new-password")
            + _field(t("password_again"), "again", "password", "new-password")
        )
        sub = t("must_change") if caller.must_change else t("change_password_sub", name=caller.principal.name)
        script = "sp.door(form, 'PUT', '/api/v1/me/password', '/')"
        return _page(services, t, t("own_password"), sub, fields, t("change_password"), script)

    @made.get("/favicon.ico")
    def favicon() -> Response:
        return Response(icon.FAVICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})

    return made


def own_path(target: str) -> str:
    """Keep a way back within this site; anything that could lead elsewhere leads to the overview."""
    parts = urlsplit(target)
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if inside and target.isprintable() and not target.startswith(("/api/", "/sign-in")) else "/"


def message(t: Tongue, title: str, sentence: str, status: int) -> HTMLResponse:
    """Answer with a plain page that says one thing and leads back."""
    body = f'<p class="sub">{escape(sentence)}</p><a class="button" href="/">{escape(t("to_overview"))}</a>'
    return HTMLResponse(_html(t, title, t("product"), body), status, NEVER_KEPT)


def _field(label: str, name: str, kind: str, fill: str) -> str:
    focus = " autofocus" if name in {"name", "present"} else ""
    return (
        f'<label class="field">{escape(label)}<input name="{name}" type="{kind}" autocomplete="{fill}" required'
        f' maxlength="256"{focus}></label>'
    )


def _page(  # noqa: PLR0917  # the parts of one page, in the order they stand on it
    services: Services, t: Tongue, title: str, sub: str, fields: str, action: str, script: str
) -> HTMLResponse:
    parks = services.registry.peek().parks
    name = t.pick(parks[0].name, parks[0].name_en) if parks else t("product")
    body = (
        f'<p class="sub">{escape(sub)}</p><p class="error" id="said" role="alert" hidden></p>'
        f'<form data-differ="{escape(t("passwords_differ"))}">{fields}'
        f'<button class="button main" type="submit">{escape(action)}</button></form>'
        f"<script>const form = document.querySelector('form'); {script}</script>"
    )
    return HTMLResponse(_html(t, title, name, body), headers=NEVER_KEPT)


def _html(t: Tongue, title: str, name: str, body: str) -> str:
    other = LANGUAGES[1 - LANGUAGES.index(t.language)]
    return (
        f'<!doctype html><html lang="{LANG_TAGS[t.language]}"><head><meta charset="utf-8">'
        f'<title>{escape(title)} · {escape(name)}</title><link rel="icon" href="{escape(FAVICON)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'{HEAD}</head><body data-unreachable="{escape(t("unreachable"))}"><main class="door"><div class="door-card">'
        f'<h1 class="brand">{icon.svg("mark")}<span>{escape(name)}</span></h1>{body}<div class="door-foot">'
        f'<button class="quiet" type="button" data-switch="language" data-to="{other}" lang="{LANG_TAGS[other]}">'
        f"{'English' if other == 'en' else '中文'}</button>"
        f'<button class="quiet" type="button" data-switch="scheme">{escape(t("scheme"))}</button>'
        "</div></div></main></body></html>"
    )


def _quoted(path: str) -> str:
    """Write a path as a script's string that can end neither the string nor the script."""
    return json.dumps(path).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
