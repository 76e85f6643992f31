package store

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
)

// IDs makes identifiers that repeat from run to run: each is a digest of the seed, of what it is for, and of how many
// were made for the same thing before. The order of concurrent calls for different things does not matter.
type IDs struct {
	seed int64

	mu   sync.Mutex
	made map[string]uint64
}

// NewIDs returns a source of identifiers.
func NewIDs(seed int64) *IDs { return &IDs{seed: seed, made: map[string]uint64{}} }

const (
	upperAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	lowerAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	mixedAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
)

// Upper returns n characters of A-Z and 0-9, as CloudFormation appends to names.
func (g *IDs) Upper(n int, about ...string) string { return g.pick(upperAlphabet, n, about) }

// Lower returns n characters of a-z and 0-9.
func (g *IDs) Lower(n int, about ...string) string { return g.pick(lowerAlphabet, n, about) }

// Mixed returns n characters of A-Z, a-z and 0-9.
func (g *IDs) Mixed(n int, about ...string) string { return g.pick(mixedAlphabet, n, about) }

// Bytes returns n bytes.
func (g *IDs) Bytes(n int, about ...string) []byte { return g.bytes(n, about) }

// Hex returns n hexadecimal digits.
func (g *IDs) Hex(n int, about ...string) string {
	return hex.EncodeToString(g.bytes((n+1)/2, about))[:n]
}

// UUID returns a version 4 shaped UUID.
func (g *IDs) UUID(about ...string) string {
	b := g.bytes(16, about)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func (g *IDs) pick(alphabet string, n int, about []string) string {
	raw := g.bytes(n, about)
	for i, b := range raw {
		raw[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(raw)
}

func (g *IDs) bytes(n int, about []string) []byte {
	key := strings.Join(about, "\x00")
	g.mu.Lock()
	g.made[key]++
	nth := g.made[key]
	g.mu.Unlock()
	out := make([]byte, 0, n+sha256.Size)
	for block := uint64(0); len(out) < n; block++ {
		var head [24]byte
		binary.BigEndian.PutUint64(head[:], uint64(g.seed))
		binary.BigEndian.PutUint64(head[8:], nth)
		binary.BigEndian.PutUint64(head[16:], block)
		sum := sha256.Sum256(append(head[:], key...))
		out = append(out, sum[:]...)
	}
	return out[:n]
}
