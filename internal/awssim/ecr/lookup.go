package ecr

import (
	"regexp"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

var private = regexp.MustCompile(`^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$`)

// Digest is the digest that the registry an image names has for it. known is false for registries and repositories that the
// simulator does not hold: of those anything may be assumed. A repository that holds no such image has the digest "".
func Digest(w *core.World, image string) (digest string, known bool) {
	m := private.FindStringSubmatch(image)
	if m == nil {
		return "", false
	}
	scope := store.Scope{Account: m[1], Region: m[2]}
	held := w.Store.View(0).Prefix(scope, imageType, m[3]+"@")
	if _, ok := w.Store.Get(scope, Type, m[3]); !ok || len(held) == 0 {
		return "", false
	}
	id := wire.Object{}
	if m[5] != "" {
		id["imageDigest"] = m[5]
	} else if id["imageTag"] = m[4]; m[4] == "" {
		id["imageTag"] = "latest"
	}
	found, ok := named(held, id)
	if !ok {
		return "", true
	}
	_, digest, _ = strings.Cut(found.ID, "@")
	return digest, true
}

// Anywhere is an image without the registry it is pulled from: what its copies in several Regions have in common.
func Anywhere(image string) string {
	if m := private.FindStringSubmatch(image); m != nil {
		_, path, _ := strings.Cut(image, "/")
		return path
	}
	return image
}
