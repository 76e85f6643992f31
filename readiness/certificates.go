package readiness

import (
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

const typeCertificate = "AWS::CertificateManager::Certificate"

// The days before its end from which a certificate endangers a takeover, and
// from which it prevents one. ACM renews 60 days ahead what it can renew; what
// it has not renewed 30 days ahead needs a person. Source: AWS Certificate
// Manager user guide, Managed certificate renewal.
const (
	expiresSoon = 30 * 24 * time.Hour
	expiresNow  = 7 * 24 * time.Hour
)

func certificateRules() []Rule {
	return []Rule{{
		ID: "SEC-09", Severity: drift.Block, compares: true, check: certificatesValid,
		Title:  "Certificates of the standby are issued, cover the same names, and do not expire soon",
		Why:    "Certificates belong to one Region. A listener without a valid one refuses every client, and validation can take days.",
		Source: "AWS Certificate Manager user guide, Supported Regions; AWS multi-Region fundamentals 3",
		Needs: []Need{{Types: []string{typeCertificate}, Properties: []string{"DomainName", "SubjectAlternativeNames"}, Fact: drift.FactCertificateState,
			Actions: []string{"acm:DescribeCertificate"}}},
		Fix: "Request the certificate in the standby's Region, add its validation records to DNS, and let it be renewed.",
	}}
}

func certificatesValid(h *hearing) {
	certificates := h.pairs(typeCertificate)
	h.applies(len(certificates), "certificate", "issued, for the same names, for longer than 30 days")
	h.present(certificates)
	for _, r := range h.standby.byType[typeCertificate] {
		fact, _ := h.standby.object(drift.FactCertificateState, r.Key)
		switch status := text(fact, "Status"); status {
		case "ISSUED":
			h.lasts(r.Key, text(fact, "NotAfter"))
		case "":
			h.unknown(h.standby.region(), r.Key, drift.FactCertificateState, "its status was not read in %s", h.standby.region())
		default:
			h.fail("", r.Key, "", "is %s in %s", status, h.standby.region())
		}
	}
	h.hearFindings(typeCertificate, func(f *drift.Finding) (drift.Severity, bool) {
		return raised(f, drift.Warn), within(f.Property, "DomainName") || within(f.Property, "SubjectAlternativeNames") || within(f.Property, "KeyAlgorithm")
	})
}

func (h *hearing) lasts(key, notAfter string) {
	end, err := time.Parse(time.RFC3339, notAfter)
	if err != nil {
		h.unknown(h.standby.region(), key, drift.FactCertificateState, "when it expires was not read in %s", h.standby.region())
		return
	}
	switch left := end.Sub(h.Now); {
	case left <= 0:
		h.fail("", key, "", "expired on %s in %s", end.Format(time.DateOnly), h.standby.region())
	case left < expiresNow:
		h.fail("", key, "", "expires on %s in %s", end.Format(time.DateOnly), h.standby.region())
	case left < expiresSoon:
		h.fail(drift.Warn, key, "", "expires on %s in %s, and was not renewed yet", end.Format(time.DateOnly), h.standby.region())
	}
}
