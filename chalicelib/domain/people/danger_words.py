"""How people say that somebody is in danger, or that a crime is happening, in English and Spanish.

Patterns over plain words: lower case, no accents, one space between; each is held against one sentence.
"""

from chalicelib.domain.text import Pattern

_THEY = (
    r"(?:he|she|they|someone|somebody|a (?:man|guy|woman|stranger)|my (?:ex|husband|boyfriend|neighbor|son|dad|wife|"
    r"brother))"
)
_ELLOS = (
    r"(?:el|ella|ellos|alguien|un (?:hombre|tipo|senor)|una mujer|mi (?:ex|esposo|marido|novio|vecino|hijo|papa|"
    r"hermano))"
)
WEAPON = r"(?:guns?|kni(?:fe|ves)|weapons?|pistols?|rifles?|machetes?|bats?|firearms?)"
_ARMA = r"(?:armas?|pistolas?|cuchillos?|navajas?|rifles?|machetes?|bates?)"
_NOW = r"(?:right now|now|asap|immediately|right away|urgent(?:ly)?|here|tonight|at once)"
_YA = r"(?:ahorita|ahora(?: mismo)?|ya|urgente(?:mente)?|rapido|por favor|aqui|inmediatamente|pronto)"
_HARM = r"(?:kill|hurt|shoot|stab|beat|harm|attack|rape|strangle|burn)"
_DANAR = r"(?:matar|lastimar|golpear|pegar|disparar|apunalar|violar|atacar|quemar|ahorcar)(?:me|nos|la|lo|los|las|le)?"
_HELP_EN = (
    rf"(?:help|help me|help us|please help(?: me| us)?|(?:please )?somebody help(?: me| us)?|sos|mayday)(?: {_NOW}|"
    rf" please)*"
)
_DANGER_EN = (
    rf"(?:i|we) need (?:help|(?:the |an? |some )?(?:police|officers?|cops?|ambulance|someone|"
    rf"somebody))(?: \w+)? {_NOW}|(?:please |pls |need you to |can you )?send (?:help|someone|somebody|police|"
    rf"officers?|cops|an ambulance)(?: please| {_NOW})*|"
    r"(?:this is|its|it s|it is|have) an emergency|(?:call|calling|called) 911 (?:now|for me|please)|"
    rf"(?:{_THEY}|there) (?:is |are |s |re |keeps? |still |just )+(?:back|outside|inside|breaking|banging|trying to|"
    rf"threatening|following|hitting|beating|hurting|shooting|killing|stalking|attacking|chasing|choking|in my|at my|"
    rf"on my|in the house|fighting|stabbing)|{_THEY}(?: is| are| s| re| still| just)* (?:back|outside|in my house|"
    rf"at my door|coming back|back again)(?: {_NOW}| again)*|"
    r"there (?:is|s|are) (?:\w+ ){1,3}(?:following|breaking|banging|trying to|fighting|shooting|hitting|beating|"
    r"attacking|threatening|outside my|in my (?:house|yard|garage|home|car|apartment))|"
    rf"(?:breaking|getting|trying to (?:break|get)|breaks) in(?:to)?(?: my| our| the)?(?: \w+)? {_NOW}|"
    rf"is breaking in(?:to)?|"
    r"(?:they|he|she|someone|people|somebody) (?:is |are |re |s )(?:shooting|fighting|stealing|breaking)|"
    rf"(?:crime|robbery|burglary|fight|break in|shooting|assault) (?:is )?(?:in progress|happening|"
    rf"going on)(?: {_NOW})?|(?:it s|its|it is|is) happening (?:again|{_NOW})|(?:has|have|holding|waving|carrying|"
    rf"pointing|with) (?:an? |his |her |their |the )?{WEAPON}(?: {_NOW})?|(?:going to|gonna|wants? to|will|ll|"
    rf"threatens? to|threatened to|threatening to|plans? to|try(?:ing)? to|says? (?:he|she|they)(?: ll|"
    rf" will)) {_HARM} (?:me|us|my|him|her|them|you|someone|somebody|people|himself|herself|everyone)|(?:going to|"
    rf"gonna|want to|wanna|thinking (?:of|about)|will|about to|plan to|might) "
    r"(?:kill(?:ing)? myself|hurt(?:ing)? myself|end(?:ing)? (?:it all|my life|everything)|die|suicide|jump)|suicid\w*|"
    r"no reason to live|(?:can t|cannot|cant|can not|do not want to|don ?t want to) (?:go on|live)(?: anymore|"
    r" any more| like this)?|took (?:all )?(?:my|the|too many) pills|overdos(?:e|ed|ing)|wish i (?:was|were) dead|"
    r"better off dead|(?:can t|cannot|cant|not|isn t|stopped) breath(?:e|ing)|chest pains?|(?:is|s|am|m|"
    r"are) (?:bleeding|unconscious|not responding)|heart attack|(?:is|s) on fire|(?:smell|smelling) (?:gas|smoke)|"
    r"gas leak|(?:i am|i m|im|we are|we re|is|are|s) (?:still )?in danger|(?:afraid|scared|fear) for (?:my|our|her|"
    r"his) (?:life|lives|safety)|"
    rf"(?:not|don ?t feel|do not feel|never feel) safe (?:at home|in my (?:own )?(?:home|house|apartment)|with (?:him|"
    rf"her|them)|here|{_NOW})|(?:will|ll|going to|gonna) come back (?:and|to) (?:{_HARM}|get me|find me)|(?:afraid|"
    rf"scared|terrified) (?:that )?{_THEY} (?:will|ll|is going to|s going to|is gonna|might)|"
    r"(?:being|getting) (?:followed|attacked|held|robbed|threatened|stalked|beaten|abused|hurt)(?: (?:right )?now|"
    r" again| here)|(?:holding|keeping) (?:me|us|her) (?:here|hostage|prisoner)|can t (?:leave|get away|talk)(?: now)?|"
    r"(?:he|she|my (?:husband|boyfriend|wife|ex|partner|dad|mom|son)) (?:hits|beats|hurts|abuses|chokes|threatens|"
    r"rapes|stalks|follows) (?:me|us|my|her|him)"
)
_HELP_ES = rf"(?:auxilio|socorro|ayuda|ayudenme|ayudeme|ayudenos|ayudame|necesit(?:o|amos) ayuda)(?: {_YA})*"
_DANGER_ES = (
    rf"necesit(?:o|amos) (?:a )?(?:la )?(?:policia|una? (?:patrulla|ambulancia|agente|policia))(?: {_YA})*|(?:manden|"
    rf"mande|envien|envie|vengan|llamen|llame)(?: a)?(?: alguien| ayuda| la policia| una? (?:patrulla|"
    rf"ambulancia))?(?: {_YA})+|"
    r"(?:manden|mande|envien|envie) (?:a )?(?:alguien|ayuda|la policia|una? (?:patrulla|ambulancia))|llamen al 911|"
    r"es (?:una )?(?:emergencia|urgente)|(?:esta|estan|anda|andan) (?:otra vez |de nuevo )?(?:afuera|aqui|adentro|"
    r"en mi (?:casa|puerta)|de regreso|tratando de|intentando|amenazan\w*|peleando|disparando|robando|golpean\w*|"
    r"pegan\w*|siguien\w*|persigui\w*|entrando|forzando|rompiendo)|"
    rf"{_ELLOS} (?:ya )?(?:regreso|volvio|esta de vuelta|quiere|va a|me (?:pega|golpea|sigue|amenaza|acosa))|"
    rf"(?:se estan|se esta|estan|esta) (?:metiendo|robando|peleando|disparando|agarrando)|"
    rf"esta(?: volviendo a)? pasando (?:otra vez|de nuevo|{_YA})|"
    r"en progreso|"
    rf"(?:tiene|tienen|trae|traen|con|carga) (?:una? )?{_ARMA}(?: en la mano)?|(?:va|van|voy|quiere|quieren|quiero|"
    rf"amenaza|amenazo con|amenaza con|dice que (?:va|me va)) (?:a )?(?:me )?(?:a )?{_DANAR}|"
    r"me (?:va|quiere|van|quieren) (?:a )?(?:matar|lastimar|golpear|pegar|disparar|violar|hacer dano)|suicid\w*|"
    r"(?:quiero|voy a|pienso en|pienso) (?:morir(?:me)?|matarme|quitarme la vida|acabar con todo)|"
    r"ya no quiero (?:vivir|seguir)|sobredosis|me tome (?:las|muchas|todas las) pastillas|no (?:puedo|puede) respirar|"
    r"dolor (?:de|en el) pecho|(?:esta|estoy|estan) (?:sangrando|inconsciente)|infarto|(?:se esta|esta) (?:quemando|"
    r"incendiando)|huele a (?:gas|humo)|fuga de gas|(?:estoy|estamos|esta|estan|mi vida corre) (?:en )?peligro|"
    r"temo por (?:mi|nuestra) (?:vida|seguridad)|(?:tengo|tenemos) miedo (?:de )?que (?:\w+ ){0,2}(?:regrese|vuelva|"
    r"mate|haga|lastime|golpee|venga)\w*|no me siento segur[oa] (?:en mi casa|aqui|ahora|con el|con ella)|"
    r"no puedo (?:salir|hablar)(?: ahora)?$|me tiene encerrad[oa]"
)


def any_word(*parts: str) -> Pattern:
    """Return a pattern that finds any of the parts as whole words."""
    return Pattern("|".join(rf"(?:\b(?:{part})(?!\w))" for part in parts))


DANGER_WHOLE, DANGER = any_word(_HELP_EN, _HELP_ES), any_word(_DANGER_EN, _DANGER_ES)
"""A bare call for help counts as a whole sentence only: "they came to help me" is none."""

NO_DANGER = any_word(
    r"(?:not|no longer|isn t|wasn t|never|nobody is|no one is|aren t|not even|ya no) (?:an? |in any |in |estoy en |"
    r"hay |estamos en )?(?:emergency|danger|emergencia|peligro)",
    r"suicide (?:prevention|hotline|training)|if (?:someone|he|she|they|somebody) (?:is|has|s)|when (?:someone|he|she|"
    r"they|somebody) (?:is|has|s)",
)
