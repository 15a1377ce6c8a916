"""The table of doors: every route and who may come in."""

from portal.accounts.models import DESK_ROLES, Role

ANYBODY = frozenset({"anybody"})
DESK = DESK_ROLES
SIGNED_IN = frozenset(Role)
CITIZEN = frozenset({Role.CITIZEN})
OFFICIALS = frozenset(DESK_ROLES)
CLERK = frozenset({Role.POST_CLERK})
CARRIER = frozenset({Role.CARRIER})
ADMIN = frozenset({Role.ADMIN})
LEADING = frozenset({Role.LEADER, Role.ADMIN})
LEADER = frozenset({Role.LEADER})
RESETTING = frozenset({Role.RECEPTIONIST})

_TABLE = {
    ANYBODY: """
        GET public.home
        GET public.blank_form
        GET public.catalogue
        GET public.fields
        GET public.procedure
        GET public.source_text
        GET public.look_up
        GET public.ledger_roots
        GET public.ledger_roots_file
        GET public.mailbox
        POST public.look_up_submit
        GET signin.sign_in
        POST signin.sign_in_submit
        POST signin.enter_as_card
        GET signin.register
        POST signin.register_submit
        GET signin.forgotten
        GET signin.second_step
        POST signin.second_step_submit
        POST signin.passkey_question
        POST signin.passkey_submit
        POST signin.sign_out
        GET watch.healthz
        GET watch.readyz
        GET watch.measured
    """,
    SIGNED_IN: """
        GET signin.account
        GET signin.again
        POST signin.act_as
        GET signin.contact
        POST signin.contact_submit
        POST signin.end_other_sessions
        POST signin.end_session
        GET signin.password
        POST signin.password_submit
        GET signin.confirm
        POST signin.confirm_submit
        GET signin.factors
        GET signin.add_app
        POST signin.add_app_submit
        POST signin.remove_app
        POST signin.add_passkey
        POST signin.remove_passkey
        POST signin.new_codes
    """,
    CITIZEN: """
        GET citizen.case
        POST citizen.case_submit
        GET citizen.discard
        POST citizen.discard_submit
        GET citizen.dossier
        GET citizen.dossiers
        GET citizen.file
        GET citizen.message_box
        POST citizen.messages_read
        GET citizen.looks
        GET citizen.ledger_receipt
        GET citizen.order
        POST citizen.order_submit
        GET citizen.order_cancel
        POST citizen.order_cancel_submit
        GET citizen.page
        POST citizen.page_submit
        GET citizen.receipt
        GET citizen.resume
        GET citizen.review
        POST citizen.submit
        GET citizen.start
        POST citizen.start_submit
        GET citizen.supplement
        POST citizen.supplement_submit
        POST citizen.confirm_draft
        POST citizen.object_draft
        POST citizen.take_result
        GET citizen.uploads
        POST citizen.uploads_submit
        GET citizen.ways
        POST citizen.ways_submit
        GET citizen.withdraw
        POST citizen.withdraw_submit
    """,
    OFFICIALS: """
        POST ward.accept
        POST ward.assign
        POST ward.charge
        POST ward.close
        POST ward.consult
        POST ward.end_linked
        POST ward.extend
        POST ward.give_up
        POST ward.link
        POST ward.opine
        POST ward.pay
        POST ward.prepay
        POST ward.recall
        POST ward.resume
        POST ward.send_draft
        POST ward.stop
        POST ward.take_over
        POST ward.answer
        POST ward.ask_supplement
        POST ward.confirm_envelope
        GET ward.dossier
        POST ward.find
        GET ward.envelopes
        POST ward.finish
        POST ward.forward
        POST ward.give_out
        POST ward.give_papers_back
        POST ward.hand_over
        GET ward.inbox
        GET ward.intake
        POST ward.intake_submit
        POST ward.look_up
        GET ward.paper
        POST ward.propose
        POST ward.receive_papers
        POST ward.refuse
        POST ward.reveal
        POST ward.send_back
        POST ward.sign
        GET ward.slip
        POST ward.take_cash
        POST ward.take_envelope_back
    """,
    CLERK: """
        POST post.assign
        POST post.confirm
        POST post.give
        GET post.hand_overs
        POST post.move_up
        POST post.reclaim
        GET post.orders
        GET post.run_sheet
        POST post.take_back
        GET post.take_off
        POST post.take_off_submit
    """,
    CARRIER: """
        POST carrier.collect
        POST carrier.confirm
        POST carrier.deliver
        POST carrier.fail
        GET carrier.failure
        POST carrier.give
        GET carrier.hand_overs
        POST carrier.open_stop
        GET carrier.run
        GET carrier.stop
        POST carrier.take_back
    """,
    ADMIN: """
        GET admin.home
        GET admin.new_office
        POST admin.new_office_submit
        GET admin.office
        GET admin.office_history
        GET admin.change_office
        POST admin.change_office_submit
        GET admin.served
        POST admin.served_submit
        GET admin.office_hours
        POST admin.office_hours_submit
        GET admin.close_office
        POST admin.close_office_submit
        GET admin.special_days
        GET admin.workflow_list
        GET admin.workflow
        GET admin.edit_workflow
        POST admin.edit_workflow_submit
        GET admin.preview_workflow
        POST admin.publish_workflow
        POST admin.discard_workflow
        GET admin.accounts
        GET admin.account
        GET admin.account_history
        GET admin.new_account
        POST admin.new_account_submit
        GET admin.appoint
        POST admin.appoint_submit
        GET admin.end
        POST admin.end_submit
        GET admin.move
        POST admin.move_submit
        POST admin.call_off
        GET admin.close
        POST admin.close_submit
        POST admin.end_sessions
        POST admin.reset_factors
        POST admin.reset
        GET admin.special_days
        GET admin.special_day
        POST admin.special_day_submit
        GET admin.new_special_day
        POST admin.new_special_day_submit
        GET admin.promises
    """,
    LEADING: """
        GET absences.away
        POST absences.declare
        POST absences.come_back
    """,
    LEADER: """
        GET alarms.alarms
    """,
    RESETTING: """
        GET resets.find
        POST resets.find_submit
        POST resets.reset
    """,
}

AUDIENCES = {
    line.strip(): who for who, lines in _TABLE.items() for line in lines.splitlines() if line.strip()
}

PLACES = {
    "day": "2021-01-01",
    "uid": "00000000-0000-0000-0000-000000000000",
    "code": "1.001193",
    "key": "tre",
    "word": "lay",
    "order_code": "DH-0000-0000-0",
}
"""What fills the blanks of an address; a name after an endpoint and a colon holds for that endpoint only."""
