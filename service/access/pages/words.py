"""What the pages of signing in say, in English and Spanish."""

from collections.abc import Mapping
from typing import Final

_ENGLISH: Final[Mapping[str, str]] = {
    "sign_in": "Sign in",
    "signed_in": "Signed in",
    "you_are": "You are signed in",
    "as": "As",
    "for": "for",
    "go_on": "Go on",
    "sign_out": "Sign out",
    "email": "E-mail address",
    "password": "Password",
    "forgotten": "Password forgotten?",
    "or": "or",
    "key": "API key",
    "key_hint": (
        "It starts with <code>mst_</code>. Whoever runs this service gave it to you, or can give you a "
        "one-use link instead."
    ),
    "with_key": "Sign in with the key",
    "refused": "This e-mail address and password do not fit, or the account cannot be used now.",
    "limited": "Too many wrong credentials. Try again in {seconds} s.",
    "key_refused": "This key is not known, has been revoked or has expired.",
    "link_ended": "This link has been used or has expired. Sign in with a key, or ask for a new link.",
    "new_password": "New password",
    "new_password_title": "Set a new password",
    "password_hint": (
        "10 characters or more; below 15 with an upper and a lower case letter and a digit. A sentence is "
        "easy to keep."
    ),
    "set_password": "Set the password",
    "password_is_set": "The password is set. Sign in with it now.",
    "ask_title": "Forgot your password?",
    "ask_text": "Write your e-mail address. If it has an account, a mail with a link is on its way to it.",
    "ask": "Send me the link",
    "asked": "If this address has an account, a mail is on its way. Its link works once, for an hour.",
    "verify_title": "Confirm your e-mail address",
    "verify": "Yes, it is mine",
    "verified": "Your address is confirmed. You can sign in now.",
    "invitation_title": "Welcome",
    "invitation_text": "Choose a password; from then on you sign in with your e-mail address.",
    "accepted": "Your account is open. Sign in with your password now.",
    "token_ended": "This link has been used or has expired. Ask for a new one.",
    "too_short": "A password has 10 characters or more.",
    "too_long": "A password has 128 characters at most.",
    "not_mixed": "Below 15 characters a password has an upper and a lower case letter and a digit.",
    "too_common": "This password is among those that are tried first. Choose another one.",
    "to_sign_in": "To the sign-in",
}
_SPANISH: Final[Mapping[str, str]] = {
    "sign_in": "Iniciar sesión",
    "signed_in": "Sesión iniciada",
    "you_are": "Ha iniciado sesión",
    "as": "Como",
    "for": "para",
    "go_on": "Continuar",
    "sign_out": "Cerrar sesión",
    "email": "Correo electrónico",
    "password": "Contraseña",
    "forgotten": "¿Olvidó su contraseña?",
    "or": "o",
    "key": "Clave de API",
    "key_hint": (
        "Empieza con <code>mst_</code>. Se la dio quien administra este servicio; también puede darle un "
        "enlace de un solo uso."
    ),
    "with_key": "Iniciar sesión con la clave",
    "refused": "El correo y la contraseña no corresponden, o la cuenta no puede usarse ahora.",
    "limited": "Demasiadas credenciales incorrectas. Pruebe de nuevo en {seconds} s.",
    "key_refused": "Esta clave no se conoce, fue revocada o venció.",
    "link_ended": "Este enlace ya se usó o venció. Inicie sesión con una clave o pida un enlace nuevo.",
    "new_password": "Contraseña nueva",
    "new_password_title": "Establecer una contraseña nueva",
    "password_hint": (
        "10 caracteres o más; con menos de 15, una mayúscula, una minúscula y una cifra. Una frase es fácil "
        "de recordar."
    ),
    "set_password": "Establecer la contraseña",
    "password_is_set": "La contraseña está establecida. Inicie sesión con ella.",
    "ask_title": "¿Olvidó su contraseña?",
    "ask_text": "Escriba su correo. Si tiene una cuenta, le llegará un mensaje con un enlace.",
    "ask": "Enviarme el enlace",
    "asked": "Si este correo tiene una cuenta, le llegará un mensaje. El enlace sirve una vez, por una hora.",
    "verify_title": "Confirme su correo",
    "verify": "Sí, es mío",
    "verified": "Su correo está confirmado. Ya puede iniciar sesión.",
    "invitation_title": "Le damos la bienvenida",
    "invitation_text": "Elija una contraseña; desde entonces iniciará sesión con su correo.",
    "accepted": "Su cuenta está abierta. Inicie sesión con su contraseña.",
    "token_ended": "Este enlace ya se usó o venció. Pida uno nuevo.",
    "too_short": "Una contraseña tiene 10 caracteres o más.",
    "too_long": "Una contraseña tiene 128 caracteres como máximo.",
    "not_mixed": "Con menos de 15 caracteres, una contraseña lleva una mayúscula, una minúscula y una cifra.",
    "too_common": "Esta contraseña está entre las primeras que se prueban. Elija otra.",
    "to_sign_in": "Ir al inicio de sesión",
}
WORDS: Final[Mapping[str, Mapping[str, str]]] = {"en": _ENGLISH, "es": _SPANISH}


def language_of(asked: str | None, accepted: str | None) -> str:
    """The language asked for, else the first of `Accept-Language` that is ours, else English."""
    if asked is not None and asked in WORDS:
        return asked
    offered = [
        part.partition(";")[0].strip().lower().partition("-")[0] for part in (accepted or "").split(",")
    ]
    return next((language for language in offered if language in WORDS), "en")
