"""Which actions sign, so that only a token that its holder made may do them: every action is in one of these lists."""

SIGNS = {
    "dossiers.ask_before_intake", "dossiers.at_once", "dossiers.close_unanswered", "dossiers.refuse_intake",
    "dossiers.request_supplement", "dossiers.sign_new_date", "dossiers.stop", "dossiers.withdraw",
    "organisation.delegate", "results.issue_correction", "results.sign_correction", "results.withdraw",
}  # fmt: skip
"""What always signs, issues or withdraws a paper in the actor's name, or lets another sign for them."""

SIGNS_BY_SOME_INPUTS = {
    "dossiers.advance",  # by the ways out that approve, number or issue
}

SIGNS_NOT = {
    "attachments.attach", "attachments.put_back", "attachments.remove",
    "audit.export",
    "dossiers.add_papers", "dossiers.answer", "dossiers.assign", "dossiers.back_to_pool", "dossiers.close_book",
    "configuration.reset_value", "configuration.set_value",
    "dossiers.close_visit", "dossiers.consult", "dossiers.correct", "dossiers.correct_applicant",
    "dossiers.delete_filter", "dossiers.draft", "dossiers.draft_new_date", "dossiers.export_list",
    "dossiers.forward", "dossiers.hand_over", "dossiers.import_running", "dossiers.move", "dossiers.note",
    "dossiers.open_visit", "dossiers.prepare_apology", "dossiers.prepare_closing", "dossiers.print_book",
    "dossiers.print_register", "dossiers.receive", "dossiers.remind_supplement", "dossiers.resume",
    "dossiers.reveal_number", "dossiers.save_filter", "dossiers.send_back", "dossiers.slip_on_request",
    "dossiers.take", "dossiers.take_back", "dossiers.warn",
    "history.note",
    "notify.resend",
    "organisation.appoint", "organisation.change_person", "organisation.change_post",
    "organisation.change_unit", "organisation.close_unit", "organisation.create_administrator",
    "organisation.create_person", "organisation.create_post", "organisation.create_unit",
    "organisation.deactivate", "organisation.end_holding", "organisation.grant", "organisation.issue_token",
    "organisation.own_password", "organisation.own_second_step", "organisation.own_token",
    "organisation.reactivate", "organisation.reset_password", "organisation.reset_second_step",
    "organisation.revoke", "organisation.revoke_delegation", "organisation.revoke_own_token",
    "organisation.revoke_token",
    "parties.correct", "parties.look_up", "parties.register", "parties.reveal", "parties.update",
    "payments.cancel", "payments.close_book", "payments.close_day", "payments.collect",
    "payments.export_receipts", "payments.open_book",
    "payments.replace",
    "procedures.add_case", "procedures.add_sector", "procedures.add_step", "procedures.discard",
    "procedures.edit_case", "procedures.edit_process", "procedures.edit_step", "procedures.edit_texts",
    "procedures.import_definition", "procedures.move", "procedures.new_draft", "procedures.new_procedure",
    "procedures.publish", "procedures.put", "procedures.retire", "procedures.take_out",
    "procedures.take_out_case", "procedures.take_out_step",
    "results.correct", "results.drop_correction", "results.export_result_templates", "results.export_results",
    "results.save_template",
    "timing.export_calendar_days", "timing.open_regime", "timing.remove_day", "timing.set_day", "timing.set_hours", "timing.set_regime",
}  # fmt: skip
"""What a program does by any token: what an administrator does to posts and accounts is the administrator's own
right (docs/security.md), and a receipt names who received, but nobody signs it for the office."""
