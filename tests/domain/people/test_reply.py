"""What counts as STOP, START and HELP, in English and Spanish; and what is only conversation."""

import json

import pytest

from chalicelib.domain.people.reply import (
    Answered,
    Intent,
    Reply,
    answer_id,
    intent,
    is_answer,
    language_of,
    may_answer,
)
from tests.factories import NOW, PHONE, SHARED, after

FCC = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")
ENGLISH_STOPS = r"""
STOP ALL|STOPALL|opt-out|OPTOUT|REMOVE|Stop!|"STOP."|Please stop|stop now|stop stop stop|stop please|STOP 2 QUIT
please stop texting me|stop texting me|Stop texting me!|Can you please stop texting me|stop sending me messages
stop contacting me|stop all texts|end messages|cancel texts|quit texting me|stop messaging|stop these alerts
do not contact me again|don't text me|don\u2019t text me anymore|never text me again|do not text this number
Please do not send me any more messages|I don't want these messages|I do not want to receive texts|don't email me
no more texts please|no more messages|remove me from your list|take me off this list|please remove my number
Wrong number. Stop texting me.|wrong number stop|I want to opt out|opt me out|unsubscribe me|I revoke my consent
stop with the messages|You have the wrong number stop texting me|STOP WRONG NUMBER|Stop. Wrong number
I didn't call. Stop.|No. Stop.|I said stop|i said stop texting me|Reply STOP|STOP to opt out|stop texting me already
how do I stop these texts|How do I opt out?|I do not want to be contacted|I don't want to hear from you
I no longer wish to receive texts
opting out|I revoke my consent to be texted|I do not consent to receiving text messages|stop sending me this
turn off notifications
Stop texting me, I'm at work|S T O P|unsuscribe|cease all messages|lose this number|who is this stop texting me
lose my number|leave me alone|cancel my subscription|STOP\nSent from my iPhone|I don't know you; do not text me
"""
SPANISH_STOPS = """
ALTO|Pare|paren|parar|cancelar|baja|terminar|basta|salir|no más|Por favor paren|cancelar mensajes|no más mensajes
no me manden más mensajes|No me mande mensajes por favor|dejen de mandarme mensajes|deje de escribirme|no me escriban
ya no me escriban|ya no me manden nada|no me contacten más|no me envíen más textos|no envíen más mensajes
dejen de molestarme|paren de mandar mensajes|no quiero más mensajes|No quiero recibir mensajes|no deseo recibir textos
no quiero que me manden mensajes|quiero darme de baja|denme de baja|quítenme de la lista|borren mi número
ya paren|ya basta|paren con los mensajes|desuscríbanme|no quiero recibir nada|no autorizo mensajes
suspendan los mensajes|¿Cómo dejo de recibir mensajes?|favor de no enviar más mensajes|no me siga escribiendo
no me sigan mandando mensajes
quiero cancelar los mensajes|Se equivocaron de número, ya no manden mensajes
Número equivocado. No me manden más mensajes.|cancelen mi suscripción|Enviado. No me escriban más
"""
CONVERSATION = """
I can't stop crying|the noise has stopped|stop the noise|please stop them|he won't stop|make it stop|they stopped
end it all|I want to end it all|cancel my call|please cancel the call|when will it end|quit my job|stop him
tell him to stop texting me|he won't stop texting me|I need him to stop calling me|my ex will not stop texting me
get me out|don't come|do not call my husband|no updates?|can you stop it|never mind|don't send anyone|no one came
I want to quit|I want to end|no texts, need police now|stop texting and send police|I do not consent to a search
stop it he is hurting me|he said stop texting me|I told him, stop texting me|can an officer stop by|no more updates?
They told me to stop|remove the car|thank you|no|ok|1|5|my address is 12 Stop St|help me|I need help
sáquenme de aquí|no me dejen sola|no puedo parar de llorar|el ruido no para|ya pararon|no manden a nadie|ya no vengan
quiero terminar|quiero salir|necesito salir|quiero cancelar|párenlo|basta de ruido|sáquenme|ya no manden a nadie
no me contactan|nadie me llama|no me llaman|no me molesta|no me escriben|gracias|¿cuándo vienen?|ayúdenme por favor
"""


def said(lines):
    return [
        word
        for line in lines.strip().splitlines()
        for word in line.replace(r"\n", "\n").replace(r"\u2019", "\u2019").split("|")
    ]


@pytest.mark.parametrize("body", [*FCC, *(word.upper() for word in FCC), *said(ENGLISH_STOPS), *said(SPANISH_STOPS)])
def test_a_stop_is_a_stop_however_it_is_said(body):
    assert intent(body) is Intent.STOP


@pytest.mark.parametrize("body", said(CONVERSATION))
def test_conversation_is_no_stop(body):
    assert intent(body) is Intent.OTHER


@pytest.mark.parametrize(
    "body",
    said(
        "stop surveys|no more surveys|No surveys please|don't send me surveys\n"
        "no más encuestas|no me manden encuestas|no quiero encuestas|basta de encuestas"
    ),
)
def test_who_wants_no_surveys_stops_no_more_than_that(body):
    assert intent(body) is Intent.NO_SURVEYS


@pytest.mark.parametrize(
    "body", ["START", "unstop", "opt in", "Start texting me again", "empezar", "reanudar mensajes"]
)
def test_a_start_is_a_start(body):
    assert intent(body) is Intent.START


@pytest.mark.parametrize("body", ["HELP", "info", "Help!", "Ayuda", "información"])
def test_who_asks_who_we_are_is_heard(body):
    assert intent(body) is Intent.HELP


@pytest.mark.parametrize("body", ["YES", "yes.", "Sí", "si"])
def test_yes_is_yes(body):
    assert intent(body) is Intent.YES


@pytest.mark.parametrize("source", ["fcc_47cfr64.1200a10_per_se", "twilio_default_stop", "aws_eum_required_optout"])
def test_every_word_that_a_regulator_or_provider_lists_is_heard(source):
    path = SHARED / "sms" / "optout_keywords.json"
    if not path.exists():
        pytest.skip(f"NOT RUN: {path} is not here")
    listed = json.loads(path.read_text())

    assert {intent(word) for word in (*listed[source], *listed["telnyx_default"])} == {Intent.STOP}
    assert {intent(word) for word in listed["braze_default"]["help"]} == {Intent.HELP}
    assert {intent(word) for word in listed["aws_us_tollfree"]["resubscribe"]} == {Intent.START}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("stop " * 400, Intent.STOP),
        ("no me manden mas " * 100, Intent.OTHER),
        ("remove me from the " * 90, Intent.OTHER),
        ("por favor " * 200, Intent.OTHER),
    ],
)
def test_a_long_text_is_read_to_its_end(body, said):
    """An expression that tried every way to read these would not come back in this universe."""
    assert intent(body) is said


@pytest.mark.parametrize("body", [*said(SPANISH_STOPS)[:1], "no me manden más mensajes", "¿Cuándo vienen a mi casa?"])
def test_spanish_is_known_by_its_words(body):
    assert language_of(body) == "es"


@pytest.mark.parametrize("body", ["STOP", "thank you", "no", "no one came", "help me please"])
def test_what_may_be_english_is_not_called_spanish(body):
    assert language_of(body) is None


def answered(what, *minutes):
    return tuple(Answered(what, after(minute)) for minute in minutes)


def test_an_answer_a_minute_and_five_an_hour_are_enough():
    assert may_answer(Intent.OTHER, (), NOW)
    assert not may_answer(Intent.OTHER, answered(Intent.OTHER, 0), after(0.9))
    assert may_answer(Intent.OTHER, answered(Intent.OTHER, 0), after(1))
    assert not may_answer(Intent.OTHER, answered(Intent.OTHER, 0, 2, 4, 6, 8), after(30))


def test_nobody_waits_longer_than_an_hour():
    assert may_answer(Intent.OTHER, answered(Intent.OTHER, 0, 2, 4, 6, 8), after(60))


def test_a_stop_right_after_something_else_is_confirmed_and_a_double_one_is_not():
    assert may_answer(Intent.STOP, answered(Intent.OTHER, 0), after(0.1))
    assert not may_answer(Intent.STOP, answered(Intent.STOP, 0), after(0.1))


def test_an_answers_id_is_no_notifications():
    reply = Reply(sender=PHONE, number="+13035550199", body="ok", at=NOW, message_id="in-1")

    assert answer_id("springfield", reply) == "springfield__answer__in-1"
    assert is_answer(answer_id("springfield", reply))
    assert not is_answer("springfield__P26-1__delay__1__0")
