package deploy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Release is an immutable bundle: what every Region shall run.
type Release struct {
	// ID is "r-" and twelve hex digits of the SHA-256 of the content.
	ID string `json:"id"`
	// Name is what people call it; the git commit's short form by default.
	Name   string `json:"name,omitempty"`
	Commit string `json:"commit,omitempty"`
	// CreatedAt is when the bundle was made; it is not part of the ID.
	CreatedAt time.Time `json:"created_at,omitzero"`
	// Contents are the digests of everything in it, by target and part:
	// "payments/template" -> "sha256:...".
	Contents map[string]string `json:"contents,omitempty"`
}

// Identify returns the release with its ID computed from its contents. The
// same contents give the same ID, whatever the name, commit or time.
func (r Release) Identify() (Release, error) {
	data, err := json.Marshal(r.Contents) // map keys are sorted by encoding/json
	if err != nil {
		return r, fmt.Errorf("identify release: %w", err)
	}
	sum := sha256.Sum256(data)
	r.ID = "r-" + hex.EncodeToString(sum[:])[:12]
	return r, nil
}
