"""How people rate, agree and refuse in their own words, in English and Spanish, common misspellings too.

Patterns and words over plain text: lower case, no accents. What could mean two marks on two usual scales is in none of
them ("good" is the third of five on one, the fourth on another): it is better asked again than counted wrong.
"""

from chalicelib.domain.text import Pattern

NUMBERS = {
    **dict.fromkeys(("one", "uno", "una"), 1),
    **dict.fromkeys(("two", "dos", "twoo"), 2),
    **dict.fromkeys(("three", "tres", "thre", "theee"), 3),
    **dict.fromkeys(("four", "cuatro", "fourr", "foru", "cuatr", "quatro"), 4),
    **dict.fromkeys(("five", "cinco", "fiv", "fve", "fivee", "fiive", "fife", "sinco", "cinko", "cico"), 5),
}

COUNTED = Pattern(
    r"sure|u|ever|real|officers?|cops?|deput(y|ies)|police(men|man)?|units?|cars?|trucks?|people|persons?|men|man|"
    r"women|woman|guys?|kids?|"
    r"child(ren)?|boys?|girls?|dogs?|hours?|hrs?|h|minutes?|mins?|min|m|seconds?|days?|weeks?|months?|years?|yrs?|"
    r"times?|x|pm|"
    r"am|a|p|oclock|calls?|texts?|dollars?|bucks?|miles?|blocks?|things?|questions?|reasons?|nd|rd|st|th|"
    r"agentes?|policias?|oficial(es)?|patrullas?|carros?|personas?|hombres?|mujer(es)?|hij[oa]s?|nin[oa]s?|perros?|"
    r"horas?|"
    r"minutos?|dias?|semanas?|mes(es)?|anos?|vez|veces|llamadas?|dolares|cuadras?|cosas?|preguntas?|de la (manana|"
    r"tarde|noche)"
)
"""What stands behind a number that counts something: "5 officers came" rates nobody."""

FOLLOWS = Pattern(
    r"thanks?|thank|thx|ty|tks|tysm|very|great|good|excellent|awesome|amazing|perfect|wonderful|outstanding|stars?|"
    r"points?|for|"
    r"the|they|he|she|it|was|were|is|im|we|because|bc|cause|but|although|everything|all|always|please|sir|maam|"
    r"definitely|"
    r"absolutely|strongly|totally|agree|satisfied|dissatisfied|happy|terrible|horrible|bad|poor|worst|nobody|no|not|"
    r"never|since|"
    r"plus|overall|keep|god|love|best|so|super|nothing|you|your|my|as|to|and|on|from|took|did|didnt|"
    r"gracias|muchas|muy|excelente|excelentes|buen|buena|bueno|porque|pero|el|la|los|las|fue|fueron|todo|toda|"
    r"estrellas?|puntos?|"
    r"si|totalmente|perfecto|satisfech[oa]s?|mil|por|siempre|nadie|nunca|amables?|dios|un|estoy|quede|me|nos|nada|y|"
    r"se|ya|son|es"
)
"""What may stand right behind a mark: the rest of a remark, never something counted."""

_FILLER = """
i i'm im i'd id i'll ill we we're were it it's its is was be would will could can give gave giving rate rating rated
score scored say saying said think guess feel go going with them they him her you guys your that this a an the my our
answer vote response number choice option choose pick chose mark of for at all about around definitely absolutely
solid strong easy easily big total full please pls plz thanks thank thankyou thx ty tysm so much very lot hi hello hey
ok okay yes yeah yep sir ma'am maam sure hmm um well good great excellent awesome perfect amazing wonderful job work
service question survey to and officer overall stars star points point out from on me us still just lol haha yo doing
did have has had le les doy da dio daria doria pongo pondria califico calificacion calificaria digo diria creo seria
es fue de del la el los las un una unos mi respuesta nota numero puntaje puntuacion voto opcion con para por favor
gracias muchas mil muy bien buen bueno buena excelente perfecto si claro hola buenas buenos tardes noches dias senor
senora todo todos estrellas estrella punto puntos servicio trabajo atencion ellos ella ellas usted ustedes al que y se
lo pues merece merecen experiencia general en
"""
FILLER = frozenset(_FILLER.split())
"""Words that say nothing beside a mark; if there are no others, the mark stands wherever it is."""

_NO = (
    r"(?:not|no|n t|isn t|wasn t|aren t|am not|never|don t|do not|didn t|did not|dont|wasnt|isnt|nunca|nada|poco|"
    r"tampoco|para nada)"
)
_MUCH = (
    r"(?:very|vry|verry|extremely|really|rly|super|totally|completely|fully|highly|100|absolutely|strongly|most|"
    r"entirely|so|truly|too|"
    r"muy|mui|totalmente|completamente|sumamente|100 por ciento|absolutamente|plenamente|bastante|bien|super)"
)
_SOME = (
    r"(?:quite|somewhat|fairly|mostly|partly|pretty|slightly|kind of|kinda|a little|a bit|generally|mas o menos|algo|"
    r"un poco|casi)"
)
_HAPPY = (
    r"(?:satisfied|satisfyed|satified|satisified|statisfied|satisfide|satisfed|sattisfied|happy|pleased|content|agree|"
    r"agreed|"
    r"satisfech[oa]s?|satisfec[oa]s?|satifech[oa]s?|sastifech[oa]s?|satisfehc[oa]s?|content[oa]s?|de acuerdo|"
    r"deacuerdo|conformes?|agradad[oa]s?)"
)
_UNHAPPY = (
    r"(?:dissatisfied|disatisfied|unsatisfied|insatisfied|unhappy|disagree|disagreed|disappointed|displeased|"
    r"insatisfech[oa]s?|descontent[oa]s?|en desacuerdo|desacuerdo|inconformes?|decepcionad[oa]s?)"
)
LEVEL = Pattern(
    rf"\b(?P<no>{_NO} )?(?:(?:at all|fully|estoy|estamos|quede|quedamos|quedo|me siento|sali|del todo|nada) )*"
    rf"(?:(?P<much>{_MUCH})(?: {_MUCH})? |(?P<some>{_SOME}) )?(?:(?P<happy>{_HAPPY})|"
    rf"(?P<unhappy>{_UNHAPPY}))(?P<none> at all| para nada)?\b"
)

_LEADS = """
i i'm im m s re d so much am we we're were are was is it it's overall in general very strongly with your the service
response yes si my me feel felt estoy estamos quede quedamos quedo siento sali en yo la el su servicio respuesta
policia pues hola hi hello thank thanks you gracias really would say that be answer agree
"""
LEADS = frozenset(_LEADS.split())
"""What may stand before the first such words, if they are to be an answer."""

WHOLE = {
    "excellent excelent excellant exellent perfect outstanding exceptional superb flawless "
    "excelente exelente excelentes perfecto perfecta inmejorable": 5,
    "neutral meh average indifferent regular indiferente neutro": 3,
    "terrible horrible awful worst atrocious abysmal pesimo pesima pesimos fatal": 1,
}
PHRASES = {
    **{word: mark for words, mark in WHOLE.items() for word in words.split()},
    **dict.fromkeys(
        ("top notch", "five star", "five stars", "the best", "lo mejor", "cinco estrellas", "a plus", "100 percent"), 5
    ),
    **dict.fromkeys(
        ("could not be better", "couldn t be better", "no podria ser mejor", "10 out of 10", "ten out of ten"), 5
    ),
    **dict.fromkeys(
        ("so so", "neither", "neither agree nor disagree", "neither satisfied nor dissatisfied", "mas o menos"), 3
    ),
    **dict.fromkeys(
        ("ni de acuerdo ni en desacuerdo", "ni satisfecho ni insatisfecho", "ni bien ni mal", "ni fu ni fa", "asi asi"),
        3,
    ),
    **dict.fromkeys(("in the middle", "ni satisfecha ni insatisfecha", "middle", "en medio"), 3),
    **dict.fromkeys(
        ("very bad", "very poor", "the worst", "lo peor", "muy mal", "muy malo", "muy mala", "malisimo", "really bad"),
        1,
    ),
    **dict.fromkeys(
        ("not at all", "para nada", "nada satisfecho", "nada satisfecha", "worst ever", "super bad", "super mal"), 1
    ),
}
"""Marks that a whole reply, or its first clause, stands for."""

GLAD = Pattern(
    r"great|excellent|awesome|amazing|perfect|wonderful|outstanding|fantastic|best|excelentes?|perfect[oa]|"
    r"maravillos[oa]|happy|satisfied"
)
SORE = Pattern(
    r"terrible|horrible|awful|worst|useless|disgusting|pathetic|pesim[oa]|dissatisfied|unhappy|asco|rude|unacceptable"
)
_DENIED = """
not no never nothing isn't wasn't weren't don't didn't n't cannot can't nor nunca nada tampoco ni sin less than menos
"""
DENIED = frozenset(_DENIED.split())

_POLITE = (
    r"(?: (?:thanks?|thank you|thx|sir|ma am|please|pls|gracias|muchas gracias|por favor|ok|right now|por ahora|ahora|"
    r"today|now|at this time))*"
)
_BUSY = (
    r"(?:im |i m |i am )?(?:busy|driving|at work)(?: right)?(?: now)?|(?:maybe )?later|(?:mas )?(?:tarde|luego)|"
    r"despues|estoy ocupad[oa]|en otro momento"
)
NO_MORE = Pattern(
    rf"(?:n|no|nop|nope|nah|naw|noo+|nel)(?: (?:n|no|nope))*{_POLITE}|no thank(?:s| you| u)|no ty|"
    rf"(?:im |i m |i am |we are )?not interested{_POLITE}|(?:stop|quit) asking(?: me)?(?: questions)?{_POLITE}|"
    rf"(?:i )?(?:don ?t|do not|dont) (?:want|wish|care|wanna)(?: to)?(?: (?:answer|do this|do it|participate|"
    rf"take (?:this|the|a|your) survey|respond|be asked))?{_POLITE}|"
    rf"(?:please )?(?:don ?t|do not|dont) ask(?: me)?(?: again| any ?more| anything| more)*{_POLITE}|"
    rf"no more(?: questions?)?{_POLITE}|"
    rf"(?:i )?(?:decline|refuse|pass|rather not|prefer not(?: to)?(?: (?:say|answer))?|ill pass|i ll pass|"
    rf"i d rather not|id rather not)(?: to answer)?{_POLITE}|"
    rf"not (?:now|today|right now){_POLITE}|no time|no survey|{_BUSY}|"
    rf"no (?:me )?(?:interesa|molesten?|pregunten?|pregunte)(?: mas)?{_POLITE}|no (?:quiero|deseo|quisiera|"
    rf"puedo)(?: (?:contestar|responder|participar|opinar|nada|mas))?{_POLITE}|"
    rf"(?:ya )?no (?:me )?(?:pregunten?|hagan|haga)(?: mas)?(?: preguntas)?{_POLITE}|dejen de preguntar{_POLITE}|"
    rf"prefiero no(?: (?:contestar|responder|decir))?|paso|"
    rf"no mas(?: preguntas)?{_POLITE}"
)
NOTHING = Pattern(
    rf"(?:no |nope |nah )?(?:none|nothing(?: (?:else|more|to add|comes to mind))?|n a|na|nada(?: mas)?|ningun[oa]?|"
    rf"(?:that s|thats|that is) (?:all|it)|(?:eso es|es) todo|no comments?|sin comentarios?|ningun comentario|"
    rf"all good|no i (?:don t|do not)|no nothing(?: else)?|"
    rf"not really|no nada(?: mas)?|i m good|im good|todo bien|no that s (?:all|it)|no eso es todo){_POLITE}"
)
"""Answers to the open question that have nothing to say."""

YES = Pattern(
    r"yes|y|yea|yeah|yeh|yep|yup|ya|yah|yess+|ys|yas|sure|definitely|absolutely|certainly|correct|affirmative|totally|"
    r"true|always|"
    r"si|sii+|sip|claro|simon|cierto|correcto|definitivamente|efectivamente|afirmativo|siempre|of course|for sure|"
    r"por supuesto|"
    r"they did|he did|she did|it did|i did|i do|we did|it was|they were|he was|she was|i was"
)
NO = Pattern(
    r"no|n|nop|nope|nah|naw|noo+|nel|never|negative|false|not really|not at all|nunca|jamas|para nada|negativo|"
    r"claro que no|of course not|"
    r"(?:they|he|she|it|i|we|you) (?:did ?n t|didnt|did not|was ?n t|wasnt|was not|were ?n t|were not|do not|don t|"
    r"does ?n t|never did)|absolutely not|definitely not|"
    r"en absoluto"
)
UNSURE = Pattern(
    r"(?:no (?:se|idea|clue|problem|prob|worries|kidding|comment|way to (?:know|tell)|lo se|recuerdo|me acuerdo|"
    r"estoy segur[oa])|not sure|yes and no|yes no|si y no|no and yes|"
    r"kind of|kinda|sort of|somewhat|partly|mas o menos|maybe|quizas?|tal vez|a veces|sometimes)\b.*"
)
"""Begins like a yes or a no, and is neither."""
