package target

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// digestOfParts is one digest of all parts of a target.
func digestOfParts(parts map[string]string) string {
	hash := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		fmt.Fprintf(hash, "%s %s\n", name, parts[name])
	}
	return "sha256:" + hex.EncodeToString(hash.Sum(nil))
}

var pinnedImage = regexp.MustCompile(`^[^@\s]+@sha256:([0-9a-f]{64})$`)

// imageDigest is the digest of an image's URI. A tag is refused: it may mean
// another image in every Region, and another one tomorrow.
func imageDigest(uri string) (string, error) {
	if found := pinnedImage.FindStringSubmatch(uri); found != nil {
		return found[1], nil
	}
	return "", fmt.Errorf("image %q: name it by its digest, as repository@sha256:…", uri)
}
