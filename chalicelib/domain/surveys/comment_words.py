"""How people ask to be called, and how they praise, in English and Spanish.

Patterns over plain words: lower case, no accents, one space between; each is held against one sentence.
"""

from chalicelib.domain.people.danger_words import any_word

_REACH = r"(?:call|contact|phone|text|email|ring|reach(?: out to)?|get back to|follow up with|call back)"
_SOMEONE = (
    r"(?:someone|somebody|anyone|an? (?:supervisor|sergeant|manager|detective|officer|person|lieutenant|captain)|"
    r"your (?:supervisor|boss|chief)|the (?:supervisor|chief|sergeant|officer|detective|captain|person in charge|"
    r"manager)|you)"
)
_CONTACT_EN = (
    rf"(?:please |pls |plz |can you |could you |would you |kindly |must |need to |should )+{_REACH}(?: me| us| back|"
    rf" my)|^{_REACH} (?:me|us)(?: \w+){{0,6}}$|(?:have|get|want|need|ask|like|tell) {_SOMEONE} (?:to |"
    rf"please )?{_REACH}(?: me| us| back)?|(?:can|could|will|would|may) {_SOMEONE} (?:please )?{_REACH}(?: me| us|"
    rf" back)?|(?:want|wanna|need|like|love|wish|ask|hoping|requesting|demand|prefer) (?:\w+ )?(?:to )?(?:speak|talk|"
    rf"meet|discuss|a word|chat) (?:to|with) {_SOMEONE}|(?:can|could|may|let) (?:i|me|we) (?:please )?(?:speak|talk|"
    rf"meet) (?:to|with) {_SOMEONE}|"
    r"(?:want|need|like|waiting for|request(?:ing)?|awaiting|expecting) (?:a |my |your )?(?:(?:return |"
    r"phone )?call(?: ?back)?|callback|follow ?up|response|reply)(?! center)|(?:no one|nobody|never|no ?body|has not|"
    r"hasn t|have not|haven t|did not|didn t)(?: ever| has| have| even)* (?:call(?:ed)?|got(?:ten)?|get|contact(?:ed)?|"
    r"respond(?:ed)?|follow(?:ed)? up)(?: me| us)? (?:back|me|us|to me|with me|with us)(?: back)?|(?:reach|call|text|"
    r"email) me (?:at|on|by|back|anytime|tomorrow|after|before|when)|my (?:phone|cell|number|email)(?: number|"
    r" address)? is|(?:i|we) (?:still )?have (?:some |a few |a |more )?(?:questions?|information|info|video|evidence|"
    r"footage|something to (?:tell|add))"
)
_PERSONA = (
    r"(?:alguien|un (?:supervisor|sargento|detective|agente|oficial)|una (?:supervisora|persona)|el (?:supervisor|jefe|"
    r"sargento|encargado|detective)|su (?:supervisor|jefe)|ustedes|la persona encargada)"
)
_CONTACT_ES = (
    r"(?:por favor |favor de |pueden |puede |podrian |podria |quiero que |necesito que |quisiera que |espero que |"
    r"me gustaria que )+(?:alguien )?(?:me |nos )?(?:llam|contact|comuni|marqu|escrib|habl|respond)\w*|"
    r"^(?:me )?(?:llam|contact|comuniqu|marqu|habl)(?:en|e)(?:me|nos|se)(?: \w+){0,6}$|que me (?:llame|llamen|contacte|"
    r"contacten|hable|hablen|marquen)|"
    rf"(?:quiero|quisiera|necesito|me gustaria|deseo|puedo|podria) (?:hablar|platicar|comunicarme|"
    rf"reunirme) con {_PERSONA}|"
    r"(?:espero|esperando|sigo esperando|quiero|necesito) (?:su|una|la) (?:llamada|respuesta)|(?:nadie|nunca|no)(?: me|"
    r" nos)(?: ha| han)? (?:llamado|llamo|llamaron|contactado|contacto|contactaron|regreso la llamada|respondio|"
    r"respondieron|devolvio|devolvieron la llamada)|mi (?:numero|telefono|celular|correo)(?: de telefono|"
    r" de celular)? es|tengo (?:una |unas |mas |algunas )?(?:preguntas?|informacion|dudas?|videos?|pruebas)"
)
_NO_CONTACT = (
    r"(?:no need(?: for (?:you|anyone|anybody))?|do not(?: have to| need to)?|don ?t(?: have to| need to)?|"
    r"please don ?t|not necessary|needn t|never) (?:to )?(?:ever )?"
    rf"{_REACH}(?: me| us| back)*|no (?:call ?back|follow ?up|response|reply)(?: is)?(?: needed| necessary| required)?|"
    r"(?:no (?:hace falta|es necesario|necesito)|no) (?:que )?(?:me |nos )?(?:llam|contact|marqu|habl)(?:en|e|es)(?:me|"
    r"nos)?\b"
)
_PRAISE_EN = (
    r"thank(?:s|ful| you)?|thx|appreciat\w*|grateful|excellent\w*|outstanding|amazing\w*|awesome|wonderful\w*|"
    r"fantastic|great|exceptional|terrific|above and beyond|commend\w*|kind(?:ness)?|courteous|polite|respectful|"
    r"professional(?:ism|ly)?|compassionate|caring|patient|calm(?:ed|ing)?|saved (?:my|our|his|her)|hero(?:es|ic)?|"
    r"good (?:job|work|guys?|people|officers?)|well done|very (?:good|nice|helpful|understanding)|super (?:nice|"
    r"helpful)|so (?:nice|helpful|kind)|the best|god bless|keep up|love (?:you|our|your)|helpful|medal|raise|promot\w*|"
    r"recogni[sz]\w*"
)
_PRAISE_ES = (
    r"gracias|agradec\w*|excelentes?|maravillos[oa]s?|fantastic[oa]s?|increibles?|amables?|amabilidad|respetuos[oa]s?|"
    r"profesional(?:es|ismo)?|atent[oa]s?|muy (?:bien|buen[oa]s?|bonit[oa])|buen (?:trabajo|servicio|trato)|"
    r"buena (?:atencion|gente)|felicit\w*|heroes?|salvaron|salvo mi|dios los bendiga|bendiciones|me ayudaron mucho|"
    r"los mejores|paciente|calm[oa]|reconoc\w*"
)
_NO_PRAISE = (
    r"(?:not|no|never|isn t|wasn t|weren t|aren t|didn t|don ?t|nothing|hardly|zero|lack of|un|less than|"
    r"could (?:have been|be) more|should (?:have been|be) more|"
    rf"more|far from|anything but|no thanks to|nunca|nada|tampoco|falta de|poco|poca|"
    rf"sin) (?:\w+ ){{0,2}}(?:{_PRAISE_EN}|{_PRAISE_ES})\b|"
    r"(?:thanks|thank you|gracias) (?:for nothing|a lot for nothing|por nada|for wasting|for not|por no|but)|"
    r"would be (?:great|nice|appreciated|good)|great deal|kind of|que amables? (?:si|seria)|no gracias|"
    r"no thanks?(?: you)?|too kind|what kind|some kind|any kind"
)
_GRUDGE = (
    r"(?<!no )(?<!cero )(?:complain\w*|quejas?)|but|however|although|unfortunately|except|rude\w*|disappoint\w*|never|"
    r"nobody|no one|worst|terrible|horrible|awful|useless|waste|joke|ridiculous|unprofessional|disrespectful|lazy|slow|"
    r"late|hours|nothing|didn t|wasn t|weren t|did not|was not|were not|pero|sin embargo|lamentablemente|aunque|"
    r"groser\w*|nunca|nadie|pesim\w*|mal|mala|malo|inutil\w*|tard\w*|horas|nada|decepcion\w*|irrespetuos\w*"
)


CONTACT, NO_CONTACT = any_word(_CONTACT_EN, _CONTACT_ES), any_word(_NO_CONTACT)
PRAISE, NO_PRAISE, GRUDGE = any_word(_PRAISE_EN, _PRAISE_ES), any_word(_NO_PRAISE), any_word(_GRUDGE)
