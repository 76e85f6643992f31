package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/lockstep-dr/lockstep/drift"
)

// sealKeyVariable holds the key of jobs that take snapshots of one application
// apart from each other, and whose secrets are to be compared all the same. See
// docs/decisions/0013-a-key-for-a-fleet.md.
const sealKeyVariable = "LOCKSTEP_SEAL_KEY"

// shortestSealKey is 32 characters: 128 bits if they are hexadecimal digits. With
// less, whoever has a snapshot could try keys until a digest fits.
const shortestSealKey = 32

// sealer replaces the secrets of this run and names it. Its key is random and
// never leaves the process, unless a snapshot was given one for several jobs:
// then it is derived from that for one application and one workflow run, so that
// files of two runs are not comparable.
func (g *globals) sealer(app string) (run string, sealer drift.Sealer, err error) {
	if g.sealKey != "" {
		key := keyed([]byte(g.sealKey), "lockstep seal", app, g.env.getenv("GITHUB_REPOSITORY"), g.env.getenv("GITHUB_RUN_ID"))
		run = "k-" + hex.EncodeToString(keyed(key, "run"))[:16]
		return run, drift.NewSealer(run, key), nil
	}
	var key [32]byte
	if _, err := io.ReadFull(g.env.random, key[:]); err != nil {
		return "", sealer, fmt.Errorf("make digest key: %w", err)
	}
	if run, err = g.runID(); err != nil {
		return "", sealer, err
	}
	return run, drift.NewSealer(run, key[:]), nil
}

// takeSealKey makes this run use the key of several jobs, if there is one. An
// empty variable is what GitHub leaves of a secret that a job may not have: then
// the key is random.
func (g *globals) takeSealKey() error {
	given := g.env.getenv(sealKeyVariable)
	if given != "" && len(given) < shortestSealKey {
		return usageError{fmt.Errorf("%s has %d characters: make one of at least %d at random, such as by `openssl rand -hex 32`", sealKeyVariable, len(given), shortestSealKey)}
	}
	g.sealKey = given
	return nil
}

// keyed is a digest of some words; where one ends is part of it.
func keyed(key []byte, words ...string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, word := range words {
		fmt.Fprintf(mac, "%d:%s", len(word), word)
	}
	return mac.Sum(nil)
}
