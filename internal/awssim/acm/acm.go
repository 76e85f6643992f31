// Package acm simulates certificates. It owns AWS::CertificateManager::Certificate. It issues nothing that could be shown to
// anybody: a certificate is its names, its state and its last day. One that CloudFormation makes is issued, one that is
// requested through the API waits for its validation until somebody sets its state (Private["Status"]).
package acm

import (
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Type is the resource type of a certificate.
const Type = "AWS::CertificateManager::Certificate"

// lifetime is how long a certificate of Amazon's own authority is good.
const lifetime = 395 * 24 * time.Hour

// Service returns ACM.
func Service() core.Service {
	l := core.Listing{Type: Type, ID: "CertificateArn", Member: "CertificateSummaryList", One: "Certificate", Missing: "ResourceNotFoundException", Code: 400,
		Token: "NextToken", Size: "MaxItems", Show: present}
	tags := core.Tagging{Find: l.Find}
	return core.Service{
		Name: "acm",
		Operations: map[string]core.Handler{
			"DescribeCertificate": l.Get, "ListCertificates": l.List, "RequestCertificate": request, "DeleteCertificate": remove(l),
			"UpdateCertificateOptions": updateOptions(l),
			"ListTagsForCertificate":   tags.List, "AddTagsToCertificate": tags.Add, "RemoveTagsFromCertificate": untag(tags),
		},
		Kinds: []core.Kind{{
			Type: Type, Identifier: []string{"Id"}, Ref: "{Id}", Attributes: map[string]string{"Arn": "{Id}"},
			Replace:  []string{"DomainName", "SubjectAlternativeNames", "DomainValidationOptions", "ValidationMethod", "CertificateAuthorityArn", "KeyAlgorithm"},
			Defaults: map[string]any{"KeyAlgorithm": "RSA_2048", "CertificateTransparencyLoggingPreference": "ENABLED", "ValidationMethod": "EMAIL"},
			Schema:   core.Schema{Required: []string{"DomainName"}},
			Create:   issue,
		}},
	}
}

func issue(c *core.Change) error {
	r := c.Resource
	r.Attributes["Id"] = "arn:aws:acm:" + r.Region + ":" + r.Account + ":certificate/" + c.World.IDs.UUID(r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
	r.Private["Status"], r.Private["NotAfter"] = "ISSUED", c.World.Clock.Now().Add(lifetime)
	return nil
}

// present is a certificate as DescribeCertificate returns it; the list has less, and nobody minds more.
func present(_ *core.Call, r store.Resource) any {
	p, private := wire.Object(r.Properties), wire.Object(r.Private)
	names := append([]string{p.String("DomainName")}, p.Strings("SubjectAlternativeNames")...)
	out := core.Renamed(p, "DomainName", "CertificateAuthorityArn")
	out["CertificateArn"], out["Status"], out["Type"], out["CreatedAt"] = r.ID, private.String("Status"), private.Or("Type", "AMAZON_ISSUED"), r.Created
	out["SubjectAlternativeNames"] = slices.Compact(names)
	out["KeyAlgorithm"] = strings.ReplaceAll(p.String("KeyAlgorithm"), "_", "-")
	out["Options"] = core.Out{"CertificateTransparencyLoggingPreference": p["CertificateTransparencyLoggingPreference"], "Export": p.Or("CertificateExport", "DISABLED")}
	out["InUseBy"], out["RenewalEligibility"] = private.List("InUseBy"), private.Or("RenewalEligibility", "ELIGIBLE")
	if out["InUseBy"] == nil {
		out["InUseBy"] = []any{}
	}
	if status := private.String("RenewalStatus"); status != "" {
		out["RenewalSummary"] = core.Out{"RenewalStatus": status, "UpdatedAt": r.Updated, "DomainValidationOptions": []any{}}
	}
	if private.String("Status") == "ISSUED" {
		out["NotBefore"], out["NotAfter"], out["IssuedAt"] = r.Created, private["NotAfter"], r.Created
	}
	validations := []any{}
	for _, name := range slices.Compact(names) {
		one := core.Out{"DomainName": name, "ValidationMethod": p["ValidationMethod"], "ValidationStatus": "SUCCESS"}
		if p.String("ValidationMethod") == "EMAIL" {
			one["ValidationDomain"] = name
			for _, v := range p.Objects("DomainValidationOptions") {
				if v.String("DomainName") == name && v.Has("ValidationDomain") {
					one["ValidationDomain"] = v["ValidationDomain"]
				}
			}
		}
		validations = append(validations, one)
	}
	out["DomainValidationOptions"] = validations
	return out
}

func request(c *core.Call) (any, error) {
	properties := map[string]any{"DomainName": c.In.String("DomainName"), "ValidationMethod": c.In.Or("ValidationMethod", "EMAIL"), "KeyAlgorithm": c.In.Or("KeyAlgorithm", "RSA_2048")}
	if names := c.In.List("SubjectAlternativeNames"); len(names) > 0 {
		properties["SubjectAlternativeNames"] = names
	}
	r, err := c.Create(Type, properties, core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	_, _, err = c.World.Store.Update(r.Scope, Type, r.ID, func(r *store.Resource) error {
		r.Private["Status"] = "PENDING_VALIDATION"
		return nil
	})
	return core.Out{"CertificateArn": r.ID}, err
}

func updateOptions(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := l.Find(c)
		if err != nil {
			return nil, err
		}
		o, patch := c.In.Object("Options"), map[string]any{}
		for member, property := range map[string]string{"CertificateTransparencyLoggingPreference": "CertificateTransparencyLoggingPreference", "Export": "CertificateExport"} {
			if o.Has(member) {
				patch[property] = o.String(member)
			}
		}
		_, err = c.Update(Type, r.ID, patch)
		return nil, err
	}
}

func remove(l core.Listing) core.Handler {
	return func(c *core.Call) (any, error) {
		_, err := l.Remove(c)
		return nil, err
	}
}

// untag: ACM names the tags to remove as whole tags.
func untag(tags core.Tagging) core.Handler {
	return func(c *core.Call) (any, error) {
		keys := []any{}
		for _, tag := range c.In.Objects("Tags") {
			keys = append(keys, tag.String("Key"))
		}
		c.In["TagKeys"] = keys
		return tags.Remove(c)
	}
}
