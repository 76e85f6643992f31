package checkout

import (
	"bytes"
	"crypto/sha1" // the name that git gives an object
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
)

// Index is what git last took each file of the working tree for: after a checkout,
// what the commit has. It is read without git, which the action's own image has not.
type Index struct {
	objects map[string][]byte // by slash-separated path
	hash    func() hash.Hash
}

var errIndex = errors.New("the index of the repository cannot be read")

// ReadIndex reads the index of the repository in dir, whose files are those of a commit.
func ReadIndex(dir string) (*Index, error) {
	data, err := os.ReadFile(filepath.Join(dir, ".git", "index"))
	if err != nil {
		return nil, err
	}
	if len(Head(dir)) == 2*sha256.Size {
		return parseIndex(data, sha256.New)
	}
	return parseIndex(data, sha1.New)
}

// parseIndex takes an index apart. Source: gitformat-index, versions 2 to 4.
func parseIndex(data []byte, hash func() hash.Hash) (*Index, error) {
	index := &Index{objects: map[string][]byte{}, hash: hash}
	r := &indexReader{data: data, size: hash().Size()}
	if string(r.take(4)) != "DIRC" {
		return nil, errIndex
	}
	if r.version = r.number(4); r.version < 2 || r.version > 4 {
		return nil, fmt.Errorf("version %d: %w", r.version, errIndex)
	}
	for range r.number(4) {
		path, object := r.entry()
		if r.short {
			return nil, errIndex
		}
		index.objects[path] = object
	}
	return index, nil
}

// Has reports whether a file has the content that git took it for.
func (i *Index) Has(path string, content []byte) bool {
	object, known := i.objects[path]
	if !known {
		return false
	}
	h := i.hash()
	fmt.Fprintf(h, "blob %d\x00", len(content))
	h.Write(content)
	return bytes.Equal(h.Sum(nil), object)
}

// indexReader reads entry after entry. What ends early is short, and stays so.
type indexReader struct {
	data    []byte
	at      int
	version int
	size    int // of an object's name
	last    string
	short   bool
}

func (r *indexReader) take(n int) []byte {
	if r.short || n < 0 || n > len(r.data)-r.at {
		r.short = true
		return make([]byte, max(min(n, 8), 0))
	}
	r.at += n
	return r.data[r.at-n : r.at]
}

func (r *indexReader) number(bytes int) int {
	b := make([]byte, 8)
	copy(b[8-bytes:], r.take(bytes))
	return int(binary.BigEndian.Uint64(b))
}

const (
	statBytes    = 40 // times, device, mode, owner and size of an entry
	extendedFlag = 0x4000
)

func (r *indexReader) entry() (path string, object []byte) {
	start := r.at
	r.take(statBytes)
	object = r.take(r.size)
	if r.number(2)&extendedFlag != 0 {
		r.take(2)
	}
	if r.version == 4 {
		path = r.last[:max(len(r.last)-r.offset(), 0)] + r.text()
	} else {
		path = r.text()
		r.take((8 - (r.at-start)%8) % 8)
	}
	r.last = path
	return path, object
}

// text ends with a zero byte.
func (r *indexReader) text() string {
	end := bytes.IndexByte(r.data[r.at:], 0)
	text := r.take(end)
	r.take(1)
	return string(text)
}

// offset is how much of the last path this one does without, in git's own variable length.
func (r *indexReader) offset() int {
	b := r.number(1)
	n := b & 127
	for b&128 != 0 && !r.short && n < len(r.data) {
		b = r.number(1)
		n = (n+1)<<7 | b&127
	}
	return n
}
