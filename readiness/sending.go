package readiness

import (
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

const typeEmailIdentity = "AWS::SES::EmailIdentity"

func sendingRules() []Rule {
	return []Rule{{
		ID: "SEC-11", Severity: drift.Block, check: mayBeSent, Strategies: softInBackup,
		Title:  "The standby may send email: out of the sandbox, enabled, and as every identity of the primary",
		Why:    "Amazon SES starts in a sandbox in every Region, from which people let an account out, within a day or later. Identities too are verified for each Region.",
		Source: "Amazon SES developer guide, Request production access, and Regions",
		Needs: []Need{
			{Fact: drift.FactSendingAccount, Actions: []string{"ses:GetAccount"}},
			{Types: []string{typeEmailIdentity}, Fact: drift.FactSendingIdentity, Actions: []string{"ses:GetEmailIdentity"}},
		},
		Fix: "Ask for production access in the standby's Region, and verify the identity there.",
	}}
}

// mayBeSent asks of the standby no more than the primary has: an application in
// the sandbox is in it everywhere.
func mayBeSent(h *hearing) {
	uses := false
	for kind := range h.primary.byType {
		uses = uses || strings.HasPrefix(kind, "AWS::SES::")
	}
	if !uses {
		return
	}
	h.applies(1, "sending account", "may send in the standby")
	ours, read := h.primary.object(drift.FactSendingAccount, "")
	theirs, readThere := h.standby.object(drift.FactSendingAccount, "")
	h.sendingRead(h.primary, "", read)
	h.sendingRead(h.standby, "", readThere)
	if read && readThere {
		h.accountMaySend(ours, theirs)
	}
	for _, p := range h.present(h.pairs(typeEmailIdentity)) {
		h.identityVerified(p.key)
	}
}

func (h *hearing) sendingRead(v *view, key string, read bool) {
	fact := drift.FactSendingAccount
	if key != "" {
		fact = drift.FactSendingIdentity
	}
	if !read {
		h.unknown(v.region(), key, fact, "whether email may be sent was not read in %s", v.region())
	}
}

func (h *hearing) accountMaySend(ours, theirs map[string]any) {
	for _, ability := range []struct{ member, lacks string }{
		{"ProductionAccessEnabled", "is in the sandbox of Amazon SES"}, {"SendingEnabled", "has sending turned off"},
	} {
		if ours[ability.member] == true && theirs[ability.member] != true {
			h.fail("", "", "", "the account %s in %s, and not in %s", ability.lacks, h.standby.region(), h.primary.region())
		}
	}
	if state := text(theirs, "EnforcementStatus"); state == "SHUTDOWN" {
		h.fail("", "", "Answer the review of Amazon SES in the standby's Region.", "Amazon SES has shut the account's sending down in %s", h.standby.region())
	}
}

func (h *hearing) identityVerified(key string) {
	ours, read := h.primary.object(drift.FactSendingIdentity, key)
	theirs, readThere := h.standby.object(drift.FactSendingIdentity, key)
	h.sendingRead(h.primary, key, read)
	h.sendingRead(h.standby, key, readThere)
	if read && readThere && ours["VerifiedForSendingStatus"] == true && theirs["VerifiedForSendingStatus"] != true {
		h.fail("", key, "", "is verified in %s, and %s in %s", h.primary.region(), strings.ToLower(show(theirs["VerificationStatus"])), h.standby.region())
	}
}
