"""Questionnaires that tenfour brings, each by the name under which the settings choose it.

`bend` has the seven things that Bend, Oregon, asks and publishes, in our words.
"""

from typing import Literal

from chalicelib.domain.settings.questions import Question, Questions

QuestionSet = Literal["standard", "bend"]

_AGREE: dict[str, tuple[str, ...]] = {"en": ("Disagree", "Agree"), "es": ("En desacuerdo", "De acuerdo")}
_COMMENT = Question(
    id="comment",
    kind="text",
    text={"en": "Is there anything else that we should know?", "es": "¿Hay algo más que debamos saber?"},
    sms={"en": "Anything else that we should know? In your own words.", "es": "¿Quiere decirnos algo más?"},
)
_OVERALL = Question(
    id="overall",
    text={
        "en": "Overall, I am satisfied with how the police responded.",
        "es": "En general, estoy satisfecho con la respuesta de la policía.",
    },
    labels=_AGREE,
    sms={
        "en": "How satisfied are you with our response? 1 (not at all) to 5 (very)",
        "es": "¿Cuánto le satisface nuestra respuesta? De 1 (nada) a 5 (mucho)",
    },
)
_HELPED = Question(
    id="helped",
    text={"en": "The police helped to solve my problem.", "es": "La policía ayudó a resolver mi problema."},
    labels=_AGREE,
    sms={
        "en": "Did we help to solve your problem? 1 (not at all) to 5 (very much)",
        "es": "¿Le ayudamos a resolver su problema? De 1 (nada) a 5 (mucho)",
    },
)


def _officer(name: str, en: str, es: str) -> Question:
    return Question(id=name, text={"en": en, "es": es}, about="officer", labels=_AGREE)


_RESPECT = _officer("respect", "The officer treated me with respect.", "El agente me trató con respeto.")
_LISTENED = _officer("listened", "The officer listened to me.", "El agente me escuchó.")

SETS: dict[QuestionSet, Questions] = {
    "standard": (
        _RESPECT,
        _LISTENED,
        _HELPED,
        Question(
            id="call_taker",
            text={
                "en": "The person who took my call was helpful.",
                "es": "La persona que atendió mi llamada me ayudó.",
            },
            about="call_taker",
            labels=_AGREE,
        ),
        _OVERALL,
        _COMMENT,
    ),
    "bend": (
        _LISTENED,
        _RESPECT,
        _officer("fair", "The officer treated me fairly.", "El agente me trató de manera justa."),
        _officer("clear", "The officer explained things clearly.", "El agente me explicó las cosas con claridad."),
        _officer("informed", "The officer gave me useful information.", "El agente me dio información útil."),
        _HELPED,
        _OVERALL,
        _COMMENT,
    ),
}

REPLY_FORM = ("overall", "helped", "comment")
"""The questions that are asked by text, in this order, unless the settings name others; both sets have them."""
