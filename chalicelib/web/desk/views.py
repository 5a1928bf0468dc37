"""The desk's pages and forms, each by the name that its route calls it.

A page's module is read when it is first asked for: a cold start must not pay for all of them.
"""

from importlib import import_module

from chalicelib.web.desk.visit import Answer, View, Visit


def _of(module: str, name: str) -> View:
    """Return a view of a module of this room."""

    def view(visit: Visit) -> Answer:
        shown: Answer = getattr(import_module(f"chalicelib.web.desk.{module}"), name)(visit)
        return shown

    view.__name__ = name
    return view


access_review = _of("review_page", "access_review")
add_key = _of("key_pages", "add_key")
all_sessions = _of("others_page", "all_sessions")
approvals = _of("approval_pages", "approvals")
ask = _of("sign_in_pages", "ask")
ask_phone = _of("follow_up_pages", "ask_phone")
ask_reveal = _of("incident_acts", "ask_reveal")
begin = _of("sign_in_pages", "begin")
begin_draft = _of("draft_pages", "begin_draft")
cancel = _of("incident_acts", "cancel")
cancel_draft = _of("draft_publish_page", "cancel_draft")
cards = _of("card_pages", "cards")
change_draft = _of("draft_page", "change_draft")
change_key = _of("key_pages", "change_key")
choose = _of("pause_pages", "choose")
conversation = _of("conversation_pages", "conversation")
conversations = _of("conversation_pages", "conversations")
decide = _of("approval_pages", "decide")
decide_draft = _of("draft_review_page", "decide_draft")
decide_judgements = _of("judge_review_page", "decide_judgements")
draft = _of("draft_page", "draft")
drafts = _of("draft_pages", "drafts")
drill = _of("watchers_page", "drill")
end_one = _of("session_pages", "end_one")
end_sessions = _of("others_page", "end_sessions")
export = _of("ledger_page", "export")
export_review = _of("review_page", "export_review")
feeds = _of("feeds_page", "feeds")
feeds_live = _of("feeds_page", "feeds_live")
find = _of("incident_page", "find")
find_file = _of("find_file", "find_file")
find_form = _of("find_page", "find_form")
find_typed = _of("find_page", "find_typed")
finish = _of("sign_in_pages", "finish")
follow_up = _of("follow_up_pages", "follow_up")
follow_ups = _of("follow_up_pages", "follow_ups")
hang = _of("wall_page", "hang")
held = _of("held_pages", "held")
home = _of("home_page", "home")
incident = _of("incident_page", "incident")
judge = _of("judge_page", "judge")
key = _of("key_pages", "key")
keys = _of("key_pages", "keys")
leave = _of("session_pages", "leave")
ledger = _of("ledger_page", "ledger")
lift = _of("resume_pages", "lift")
make_card = _of("card_pages", "make_card")
now = _of("now_page", "now")
pause = _of("pause_pages", "pause")
person = _of("person_page", "person")
person_act = _of("person_acts", "act")
person_confirm = _of("person_acts", "confirm")
preview = _of("pause_pages", "preview")
publish_draft = _of("draft_publish_page", "publish_draft")
release = _of("held_pages", "release")
reply = _of("conversation_pages", "reply")
resume = _of("resume_pages", "resume")
reveal = _of("incident_acts", "reveal")
review_draft = _of("draft_review_page", "review_draft")
review_judgements = _of("judge_review_page", "review_judgements")
see = _of("conversation_pages", "see")
see_to = _of("follow_up_pages", "see_to")
seek = _of("ledger_page", "seek")
served = _of("home_page", "served")
sessions = _of("session_pages", "sessions")
settings = _of("settings_pages", "settings")
settings_compared = _of("settings_pages", "settings_compared")
settings_file = _of("settings_pages", "settings_file")
show_phone = _of("follow_up_pages", "show_phone")
silence = _of("incident_acts", "silence")
take = _of("take_page", "take")
take_judgements = _of("judge_page", "take_judgements")
thanks = _of("thanks_pages", "thanks")
thanks_card = _of("thanks_pages", "thanks_card")
thanks_digest = _of("thanks_pages", "thanks_digest")
waiting = _of("now_page", "waiting")
waits = _of("waits_page", "waits")
wall = _of("wall_page", "wall")
wall_board = _of("wall_page", "wall_board")
wall_hours = _of("wall_page", "wall_hours")
watchers = _of("watchers_page", "watchers")
