package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

const typeLayer = "AWS::Lambda::LayerVersion"

func artifactRules() []Rule {
	return []Rule{ownRegistryRule(), {
		ID: "ART-07", Severity: drift.Block, check: sameArtifacts,
		Title:  "The code bundles of the release are in the standby, with the same checksum",
		Why:    "Without the bytes in its own Region the standby cannot be redeployed, repaired or extended while the primary is gone.",
		Source: "Disaster Recovery of Workloads on AWS; Well-Architected REL13-BP04",
		Needs: []Need{{Types: []string{typeFunction, typeLayer}, Fact: drift.FactArtifact,
			Actions: []string{"s3:GetObject", "s3:ListBucket"}}},
		Fix: "Copy the bundle, unchanged, to the standby's bucket: build once, upload to every Region.",
	}}
}

func sameArtifacts(h *hearing) {
	subjects := h.primary.subjects[drift.FactArtifact]
	h.applies(len(subjects), "code bundle", "the same checksum in both Regions")
	read := map[string]bool{} // whose bundle was read; a subject may say which of several
	for _, subject := range subjects {
		h.sameArtifact(subject)
		owner, _, _ := strings.Cut(subject, "#")
		read[owner] = true
	}
	for _, kind := range []string{typeFunction, typeLayer} {
		for _, r := range h.primary.byType[kind] {
			if usesBundle(r) && !read[r.Key] && !h.artifactGap(r.Key) {
				h.unknown(h.primary.region(), r.Key, drift.FactArtifact, "its code bundle was not read in %s", h.primary.region())
			}
		}
	}
}

func (h *hearing) sameArtifact(subject string) {
	here, _ := h.primary.object(drift.FactArtifact, subject)
	there, _ := h.standby.object(drift.FactArtifact, subject)
	key, _, _ := strings.Cut(subject, "#")
	a, b := text(here, "Checksum"), text(there, "Checksum")
	switch {
	case a == "":
		h.unknown(h.primary.region(), subject, drift.FactArtifact, "the checksum was not read in %s", h.primary.region())
	case b == "" && h.artifactGone(subject):
		h.fail("", key, "", "the bundle %s is not in %s", location(here), h.standby.region())
	case b == "":
		h.unknown(h.standby.region(), subject, drift.FactArtifact, "the checksum was not read in %s", h.standby.region())
	case a != b && !conclusive(here, there):
		h.undecided(key, "%s has checksum %s in %s and %s in %s: these kinds cannot be compared", location(here), a, h.primary.region(), b, h.standby.region())
	case a != b:
		h.fail("", key, "", "%s has checksum %s in %s; %s has %s in %s", location(here), a, h.primary.region(), location(there), b, h.standby.region())
	}
}

// artifactGone reports whether a gap says that the object does not exist.
func (h *hearing) artifactGone(subject string) bool {
	return slices.ContainsFunc(h.gapsAbout(h.standby.region(), subject, drift.FactArtifact), gone)
}

// artifactGap reports whether a gap says why the bundle of a resource was not read.
func (h *hearing) artifactGap(key string) bool {
	return slices.ContainsFunc(h.gaps, func(g drift.Gap) bool {
		return g.Region == h.primary.region() && g.Fact == drift.FactArtifact && (g.Resource == key || strings.HasPrefix(g.Resource, key+"#"))
	})
}

// conclusive reports whether two checksums that differ prove that the bytes
// do: both of one kind ("sha256:…"), and no ETags, which depend on the upload
// and the encryption, unless the sizes differ as well.
func conclusive(here, there map[string]any) bool {
	kind, _, named := strings.Cut(text(here, "Checksum"), ":")
	other, _, _ := strings.Cut(text(there, "Checksum"), ":")
	ours, known := number(here, "Size")
	theirs, knownThere := number(there, "Size")
	if known && knownThere && ours != theirs || !named {
		return true
	}
	return kind == other && kind != "etag"
}

func location(fact map[string]any) string {
	return "s3://" + text(fact, "Bucket") + "/" + text(fact, "Key")
}

// usesBundle reports whether a function or layer gets its code from S3. Its
// declaration says so; where that is unknown, what cannot be told counts as
// yes. Images and inline code do not.
func usesBundle(r *drift.Resource) bool {
	if r.Properties["PackageType"] == "Image" {
		return false
	}
	for _, tree := range []map[string]any{r.Declared, r.Properties} {
		for _, name := range []string{"Code", "Content"} {
			code, ok := tree[name].(map[string]any)
			if !ok {
				continue
			}
			if code["S3Bucket"] != nil || code["S3Key"] != nil {
				return true
			}
			if code["ZipFile"] != nil || code["ImageUri"] != nil {
				return false
			}
		}
	}
	return r.Declared == nil
}
