"""How people say that they want no more, that they want to hear again, or that they want to know who writes.

Patterns over plain words (lower case, no accents, no marks), each against a whole reply or a whole sentence:
a stop word among others is conversation ("I can't stop crying", "the noise has stopped").
Words: 47 CFR 64.1200(a)(10), CTIA's Messaging Principles, what AWS End User Messaging and Twilio take by
default; phrases, because the same rule counts "any reasonable means" of saying so.
"""

from chalicelib.domain.text import Pattern

_TEXTS = r"(text messages?|texts?|texting|messages?|msgs?|messaging|sms|alerts?|notifications?|updates?|emails?)"
_THESE = (
    r"(( all| of| with| the| these| those| this| your| my| any| more| getting| receiving| sending| me|"
    r" fucking| f ing| freaking| damn)*)"
)
_AGAIN = (
    r"(( to| from)? (me|us|you|here|this (number|phone)|my (phone|number))| now| already| immediately| ever|"
    r" again| any ?more| today)*"
)
_TEXTING = r"(texting|messaging|contacting|sending|emailing|calling|bothering|spamming|notifying|writing)"
_ME = r"(me|my name|my (phone )?number|this number)"
_KIND = r"(text|texting|call|contact|mailing|phone|message|messaging)"
_LIST = r"(list|lists|system|database|texts?|messages?)"
_ANY = r"( of)?( the| your| this| all| any)*"
_NOT = r"(do not|don ?t|never)"
_END = r"(stop|end|cancel|quit|cease|discontinue|turn off|revoke|unsubscribe( me)?( from)?|opt (me )?out( of| from)?)"
_BE_TEXTED = r"be (texted|contacted|messaged|emailed|bothered|notified)"

STOP_WORDS = (
    r"stop|stopp|s t o p|stop ?all|stop ?2 ?quit|quit|end|revoke|opt ?out|opt me out|opting out|opted out|cancel|"
    r"unsubscribed?|unsuscribe|unsubcribe|unsub|remove|arret|td|"
    r"alto|pare|paren|parar|cancelar|terminar|basta|detener|detenga|detengan|baja|salir|anular|fin|desuscribir(me)?|"
    r"revocar|no mas"
)
_STOP_WHOLE = rf"(ya )?({STOP_WORDS})( ({STOP_WORDS}))*( (now|ya|all|todo|immediately|inmediatamente))*"
_STOP_PHRASES_EN = (
    rf"(stop|quit|cease){_THESE} {_TEXTING}( me| us)?({_THESE} {_TEXTS})?{_AGAIN}",
    rf"{_END}{_THESE} {_TEXTS}{_AGAIN}",
    rf"{_NOT} (ever )?(text|message|msg|contact|email|bother|write)( to)?( me| us)?{_AGAIN}",
    rf"{_NOT} (ever )?send( me| us)?{_THESE} {_TEXTS}{_AGAIN}",
    rf"(stop|quit) sending( me| us)? (this|these|those|stuff|this stuff){_AGAIN}|stop spam",
    rf"{_NOT} send( me| us)? any ?more( of (this|these|those))?",
    rf"(i )?({_NOT}|no longer) (want|wish|need)( to (get|receive|have))?{_THESE} {_TEXTS}{_AGAIN}",
    rf"(i )?({_NOT}|no longer) (want|wish) to ({_BE_TEXTED}|hear from you){_AGAIN}",
    rf"(i )?({_NOT} consent|(revoke|withdraw)( my)? consent) to( get| receive)?{_THESE} {_TEXTS}{_AGAIN}",
    rf"(i )?({_NOT} consent|(revoke|withdraw)( my)? consent) to ((being|getting) (texted|contacted)|{_BE_TEXTED})",
    rf"(i )?{_NOT} want( you)? to (text|message|contact|email|bother)( me| us)?{_AGAIN}",
    rf"no more (text messages?|texts?|texting|messages?|msgs?|messaging|sms|emails?|notifications){_AGAIN}|no texts",
    rf"(remove|delete|unsubscribe|take|opt) {_ME} (off|out|from){_ANY}( {_KIND})?( {_LIST})?",
    rf"(remove|delete|unsubscribe) {_ME}|lose (my|this) number|leave me alone",
    r"i (hereby )?(opt ?out|revoke|withdraw|unsubscribe|cancel)( my)?( consent| permission| subscription)?",
    r"(revoke|withdraw|cancel) (my )?(consent|permission|subscription)",
)
_MENSAJES = r"(mensajes?( de texto)?|mensajitos|textos?|sms|notificaciones|avisos|alertas|correos?)"
_ESTOS = r"(( mas| con| los| sus| estos| esos| mis| todos| de| ningun| ningunos| otro| otros)*)"
_NUNCA = r"( mas| nunca| nada| otra vez| ya| a mi| a este numero| a mi (numero|telefono|celular)| suyos| de ustedes)*"
_MANDAR = r"(mandar|enviar|escribir|textear|contactar|molestar|mensajear|llamar)(me|nos)?"
_MANDEN = r"((mand|envi|texte|contact|molest|mensaje|llam)(en|e|es)|escrib(an|a|as))"
"""Only as a wish: "no me contacten" stops, "no me contactan" complains that nobody does."""
_STOP_PHRASES_ES = (
    rf"(deja|dejen|deje|dejar|paren|pare|parar|no sigan|basta) (ya )?de {_MANDAR}({_ESTOS} {_MENSAJES})?{_NUNCA}",
    rf"(ya )?no (me|nos) {_MANDEN}({_ESTOS} {_MENSAJES})?{_NUNCA}",
    rf"(ya )?no {_MANDEN}{_ESTOS} {_MENSAJES}{_NUNCA}",
    rf"(ya )?no (quiero|quisiera|deseo|necesito|autorizo)( recibir)?{_ESTOS} {_MENSAJES}{_NUNCA}",
    rf"(ya )?no (mandar|enviar)(me)?{_ESTOS} {_MENSAJES}{_NUNCA}|(ya )?no (quiero|deseo) recibir nada{_NUNCA}",
    rf"no (me |nos )?sig(a|as|an) (mandando|enviando|escribiendo|molestando)(me|nos)?({_ESTOS} {_MENSAJES})?{_NUNCA}",
    rf"como (cancelo|paro|detengo|dejo de recibir){_ESTOS} {_MENSAJES}",
    rf"(ya )?no (quiero|quisiera|deseo) que (me|nos) {_MANDEN}({_ESTOS} {_MENSAJES})?{_NUNCA}",
    rf"(no mas|no|basta de|alto a|terminar|(cancel|par|elimin)(ar|e|en)){_ESTOS} {_MENSAJES}{_NUNCA}",
    rf"(suspend(er|a|an)|deten(er|ga|gan)){_ESTOS} {_MENSAJES}{_NUNCA}",
    r"((quit|saqu|borr|elimin)(en|e)|remuev(an|a))me de (la|su|esta) lista|borr(en|e)me|desuscrib(an|a)me",
    r"(quit|borr|elimin)(en|e) mi (numero|telefono|nombre)( de (la|su|esta) lista)?",
    r"(me )?(quiero |deseo )?(dar(me|se)?|den(me)?|de(me)?) de baja|revoco mi consentimiento|dej(en|e)me en paz",
    r"(cancelar|cancelen|cancele)( (la|mi|esta))? suscripcion",
)
_NO_SURVEYS_EN = (
    rf"((stop|no|no more|cancel|end|quit|{_NOT} (send|want))( sending| me| the| these| your| any| more)* surveys?)"
)
_ESTAS = r"( mas| sus| las| estas| esas)*"
_NO_SURVEYS_ES = rf"(ya )?(no mas|basta de|no( me)?( {_MANDEN})?|no (quiero|deseo)( recibir)?){_ESTAS} encuestas?"
_START_EN = (
    r"start|unstop|opt ?(me )?(back )?in|resubscribe|subscribe( me)?|resume|"
    rf"(start|resume|restart)( sending( me)?| texting( me)?| getting)?( the| these| your| my)*( {_TEXTS})?( again)?"
)
_START_ES = (
    rf"empezar|comenzar|iniciar|reanudar|suscribir(me)?|alta|(empezar|reanudar|iniciar)( los| mis| sus)* {_MENSAJES}"
)

_WANTS_ES = r"(quiero|quisiera|necesito)(?= (dejar|darme|desuscribir|(cancelar|parar|terminar|detener)"
_WRONG = r"((you have|you got|this is) )?((the|a) )?wrong (number|person)|numero equivocado|se equivocaron de numero"
POLITE = Pattern(
    r"^((please|pls|plz|hi|hello|hey|hola|ok|okay|thanks|thank you|just|sorry|yo|for the last time|"
    rf"{_WRONG}|who is this|not me|i don ?t know you|i (did not|didn ?t) call( you| the police| 911)?|"
    r"(can|could|would|will) you( guys)?|i (want|would like|d like|need|wish) to(?! (quit|end|cancel)$)|"
    r"(no|yes|reply|text|send|i (already )?said)(?= stop)|how (do|can) i(?= (stop|unsubscribe|opt))|"
    r"por favor|porfavor|favor de|gracias|"
    rf"{_WANTS_ES}{_ESTOS} {_MENSAJES}))|disculpe|(me )?pueden?|podrian?) )+|"
    rf"( (please|pls|plz|thanks|thank you|thx|por favor|porfavor|gracias|ok|okay|asap|already|i said|{_WRONG}|"
    r"to (opt out|end|quit|unsubscribe)))+$"
)
"""What may stand around a wish without changing it. "I want to quit", "quiero terminar" and "quiero salir" are left
whole: they may be about a life, or a way out of a house."""

STOP_PHRASE = Pattern("|".join(f"(?:{phrase})" for phrase in (*_STOP_PHRASES_EN, *_STOP_PHRASES_ES)))
STOP_WHOLE = Pattern(_STOP_WHOLE)
NO_SURVEYS = Pattern(f"{_NO_SURVEYS_EN}|{_NO_SURVEYS_ES}")
START = Pattern(f"{_START_EN}|{_START_ES}")
YES = Pattern(r"yes|si")
HELP = Pattern(r"help|info|information|ayuda|informacion")

SPANISH = Pattern(
    r"\b(alto|paren?|parar|cancelar|terminar|basta|detener|detengan?|baja|salir|anular|desuscribir(me)?|revocar|no mas|"
    r"ayuda|informacion|empezar|comenzar|iniciar|reanudar|suscribir(me)?|encuestas?|mensajes?|textos|"
    r"hola|gracias|por favor|porfavor|quiero|necesito|usted|ustedes|policia|llamada|donde|cuando|cuanto|quien|"
    r"porque|estoy|estan|tengo|tiene|vengan|venga|casa|aqui|ahora|todavia|dejen|manden|envien|senor|senora|espanol)\b"
)
"""Words that nobody writes in English; the keywords that both languages share say nothing."""
