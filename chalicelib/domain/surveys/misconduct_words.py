"""How people say that an officer wronged them, in English and Spanish.

Patterns over plain words: lower case, no accents, one space between; each is held against one sentence. Gaps between
words are bounded, so that a long comment costs no more than its length.
"""

from chalicelib.domain.people.danger_words import WEAPON, any_word

_GAP = r"(?:\w+ ){0,4}"
_OFFICER = (
    r"(?:officers?|cops?|police(?:man|men|woman)?|deput(?:y|ies)|sergeants?|sgt|sheriffs?|troopers?|detectives?|rookie|"
    r"guards?)"
)
_AGENTE = (
    r"(?:policias?|agentes?|oficial(?:es)?|sargentos?|patruller[oa]s?|sherifes?|detectives?|el sheriff|uniformad[oa]s?)"
)
_DEED = (
    r"(?:hit|punched|kicked|shoved|pushed|beat|choked|slammed|tased|tasered|groped|grabbed|slapped|struck|threw|"
    r"touched|assaulted|attacked|hurt|handcuffed|threatened|intimidated|harassed|insulted|mocked|cursed|cussed|swore|"
    r"yelled|screamed|shouted|spit|spat|stole|lied|laughed|searched|robbed|flirted)"
)
_HECHO = (
    r"(?:pego|golpeo|pateo|empujo|aventaron|avento|tiro|ahorco|manoseo|toco|agarro|amenazo|insulto|grito|humillo|acoso|"
    r"robo|mintio|burlo|escupio|pegaron|golpearon|patearon|empujaron|manosearon|tocaron|agarraron|amenazaron|"
    r"insultaron|gritaron|humillaron|acosaron|robaron|mintieron|burlaron|escupieron|esposaron|maltrato|maltrataron)"
)
_MINE = (
    r"(?:me|us|my|our|at me|at us|at my|to me|to us|in (?:the|his|her|their) report|on (?:the|his|her|their) report|"
    r"son|daughter|kids?)"
)
_MISCONDUCT_EN = (
    rf"{_OFFICER} {_GAP}{_DEED} {_GAP}{_MINE}|{_DEED} by (?:an? |the |one of )?(?:your )?{_OFFICER}|"
    r"(?:excessive|unnecessary|brute|too much) force|brutality|roughed (?:me|us|him|her) up|body ?slam\w*|knee on|"
    r"racis[tm]\w*|racial\w*|profil(?:ed|ing)|slurs?|n word|bigot\w*|prejudi\w*|discriminat\w*|homophob\w*|"
    r"transphob\w*|sexis[tm]|xenophob\w*|because (?:i am|i m|im|we are|we re|he is|she is|he s|she s|of my|of our|"
    r"of his|of her|of the color)(?: an?)? ?(?:black|brown|latin\w*|mexican\w*|hispanic\w*|asian|arab|muslim|jewish|"
    r"native|gay|trans\w*|lesbian|immigrant|homeless|race|skin|color|accent|religion)|sexual\w*|inappropriate(?:ly)?|"
    r"(?:asked (?:me )?for|wanted|texted) my (?:phone )?number|hit on me|made advances|flirt\w*|creepy|bribe\w*|"
    r"corrupt\w*|planted|falsif\w*|fabricat\w*|cover(?:ed|ing)? (?:it |this )?up|misconduct|"
    r"abuse[ds]? (?:of )?(?:power|authority|his|her|their)|power trip\w*|unlawful\w*|illegal(?:ly)? (?:search\w*|"
    r"stop\w*|arrest\w*|detain\w*|entr\w*|enter\w*)|without a warrant|no warrant|(?:false|"
    r"wrongful)(?:ly)? (?:arrest\w*|report|accus\w*)|violat\w* my (?:civil )?rights|my rights|civil rights|"
    rf"(?:pointed|pulled|drew) (?:his|her|their|a) {WEAPON}|{_OFFICER} {_GAP}(?:was|were|is|smelled|"
    rf"seemed) {_GAP}(?:drunk|high|intoxicated|of alcohol)|(?:turned|switched|shut) off (?:his|her|their|"
    rf"the) (?:body )?(?:cam\w*|mic)|refused to (?:give|show|tell|provide) {_GAP}(?:name|badge|id)|"
    r"(?:file|make|filing|lodge|submit|put in) (?:a |an )?(?:formal |official )?complaint|internal affairs|"
    r"professional standards|(?:my|a|get a|our) (?:lawyer|attorney)|lawsuit|(?:will|going to|gonna|should) sue|suing|"
    rf"(?:money|cash|wallet|jewelry|phone|things?) (?:was|were|went|is|are) {_GAP}(?:missing|gone|"
    rf"stolen) after (?:the |your )?{_OFFICER}|(?:called|calling) (?:me|us|my \w+|him|her) (?:an? |"
    rf"the )?(?:\w+ )?(?:bitch|idiot|liar|stupid|moron|whore|names|thug|wetback|illegal|faggot|retard\w*)"
)
_MISCONDUCT_ES = (
    rf"{_AGENTE} {_GAP}(?:me|nos|le|les|a mi|se) (?:\w+ )?{_HECHO}|me {_HECHO} (?:el|la|los|las|un|una|uno de los|ese|"
    rf"esa) (?:\w+ )?{_AGENTE}|{_AGENTE} {_GAP}{_HECHO} (?:a )?(?:mi|nuestr[oa]|en (?:el|su) reporte)|"
    r"(?:uso |exceso )(?:excesivo )?de (?:la )?fuerza|fuerza excesiva|brutalidad|abuso (?:de (?:poder|autoridad)|"
    r"policial)|abusaron de su (?:poder|autoridad)|racis(?:tas?|mo)|racial\w*|discrimin\w*|perfil\w* racial|"
    r"prejuici\w*|homofob\w*|xenofob\w*|machistas?|por ser (?:una? )?(?:latin[oa]s?|mexican[oa]s?|hispan[oa]s?|"
    r"negr[oa]s?|moren[oa]s?|inmigrantes?|indocumentad[oa]s?|gay|trans|mujer|musulman\w*)|por (?:mi|nuestro) (?:color|"
    r"acento|raza|piel|religion)|sexual\w*|inapropiad\w*|me pidio mi (?:numero|telefono)|se me insinuo|coquete\w*|"
    r"manose\w*|soborn\w*|mordida|corrupt\w*|corrupcion|falsific\w*|encubri\w*|mala conducta|sin (?:una )?orden|"
    r"ilegalmente|detencion ilegal|arresto injust\w*|mis derechos|derechos civiles|violaron mis|"
    rf"me apunt(?:o|aron) con|{_AGENTE} {_GAP}(?:borrach[oa]s?|tomad[oa]s?|drogad[oa]s?)|"
    r"(?:no quiso|se nego a|no me quiso) dar\w* su (?:nombre|placa|numero)|apag(?:o|aron) (?:su|la|sus) camaras?|"
    r"(?:poner|hacer|presentar|levantar|meter) (?:una )?(?:queja|denuncia|demanda) (?:contra|del|de la|de los|formal|"
    r"en contra)|asuntos internos|(?:mi|un) abogad[oa]|demandar(?:los|lo|la)?"
)


MISCONDUCT = any_word(_MISCONDUCT_EN, _MISCONDUCT_ES)

NO_MISCONDUCT = any_word(
    r"(?:not|no|never|isn t|wasn t|weren t|aren t|didn t|without|nunca|ningun|ninguna|sin) (?:(?!only|just|"
    r"solo)\w+ ){0,2}"
    r"(?:racis\w*|racial\w*|discriminat\w*|discrimin\w*|prejudi\w*|sexual\w*|inappropriate\w*|inapropiad\w*|excessive|"
    r"misconduct|"
    r"brutality|corrupt\w*|profil\w*|slurs?|bigot\w*|unlawful|illegal\w*)",
    rf"{_OFFICER} (?:\w+ )?(?:never|not|didn t|did not|hasn t|has not) (?:\w+ )?{_DEED}|{_AGENTE} (?:\w+ )?(?:nunca|"
    rf"no|jamas) (?:me|nos)? ?(?:\w+ )?{_HECHO}",
)
