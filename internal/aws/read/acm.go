package read

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type acmAPI interface {
	DescribeCertificate(context.Context, *acm.DescribeCertificateInput, ...func(*acm.Options)) (*acm.DescribeCertificateOutput, error)
	ListTagsForCertificate(context.Context, *acm.ListTagsForCertificateInput, ...func(*acm.Options)) (*acm.ListTagsForCertificateOutput, error)
}

func acmReader() reader {
	return reader{
		specs: []Spec{{
			Type: "AWS::CertificateManager::Certificate",
			Properties: []string{"DomainName", "SubjectAlternativeNames", "DomainValidationOptions", "ValidationMethod", "KeyAlgorithm",
				"CertificateAuthorityArn", "CertificateTransparencyLoggingPreference", "CertificateExport", "Tags"},
			Actions:    []string{"acm:DescribeCertificate", "acm:ListTagsForCertificate"},
			Identities: []string{"CertificateArn"},
			Facts:      []string{drift.FactCertificateState},
		}},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) { r.certificate(ctx, item) })
		},
	}
}

func (r *run) certificate(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a certificate ARN")
		return
	}
	out, err := r.clients.acm.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	c := out.Certificate
	if c == nil {
		r.empty(item, "acm:DescribeCertificate", "certificate")
		return
	}
	o := newObject().take(c, "DomainName", "CertificateAuthorityArn").set("KeyAlgorithm", keyAlgorithm(c)).
		set("SubjectAlternativeNames", otherNames(c)).identity("CertificateArn", aws.ToString(c.CertificateArn))
	if c.Options != nil {
		o.take(c.Options, "CertificateTransparencyLoggingPreference", "Export:CertificateExport")
	}
	var validations []map[string]any
	for _, v := range c.DomainValidationOptions {
		if v.ValidationMethod != "" {
			o.set("ValidationMethod", v.ValidationMethod)
		}
		validations = append(validations, map[string]any{"DomainName": aws.ToString(v.DomainName), "ValidationDomain": v.ValidationDomain})
	}
	sortObjects(validations, "DomainName")
	o.set("DomainValidationOptions", validations)
	tags, err := r.clients.acm.ListTagsForCertificate(ctx, &acm.ListTagsForCertificateInput{CertificateArn: &item.ID})
	if err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tagList(tags.Tags, "Key", "Value")
	}
	r.fact(item, drift.FactCertificateState, certificateState(c))
	r.found(item, o)
}

func certificateState(c *types.CertificateDetail) map[string]any {
	renewal := ""
	if c.RenewalSummary != nil {
		renewal = string(c.RenewalSummary.RenewalStatus)
	}
	return map[string]any{"Status": string(c.Status), "NotAfter": timeOrNil(c.NotAfter), "InUse": len(c.InUseBy) > 0, "RenewalStatus": renewal,
		"RenewalEligibility": string(c.RenewalEligibility), "FailureReason": string(c.FailureReason)}
}

// keyAlgorithm is spelt "RSA-2048" in answers and "RSA_2048" everywhere else.
func keyAlgorithm(c *types.CertificateDetail) string {
	return strings.ReplaceAll(string(c.KeyAlgorithm), "-", "_")
}

// otherNames are the names beside the first one, which ACM repeats among them.
func otherNames(c *types.CertificateDetail) []string {
	names := slices.DeleteFunc(slices.Clone(c.SubjectAlternativeNames), func(n string) bool { return n == aws.ToString(c.DomainName) })
	slices.Sort(names)
	return names
}
