package target

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Asset is a local file or directory that the template takes from a bucket,
// such as a function's code. One value serves all Regions, so that all of
// them get the same bytes.
type Asset struct {
	// Path is where it came from, for messages.
	Path string
	// BucketParameter and KeyParameter are the template's parameters that
	// receive the Region's bucket and the object's key.
	BucketParameter, KeyParameter string
	Content                       []byte
	// SHA256 is the hash of Content in hexadecimal.
	SHA256 string
}

// ObjectKey is where an upload stores the asset in the bucket of any Region.
func (a Asset) ObjectKey() string { return objectKey(sha256.Sum256(a.Content)) }

// LoadAsset reads a file as it is, or packs a directory into a zip that
// depends on nothing but names, modes and contents: the same files make the
// same bytes on every machine.
func LoadAsset(path, bucketParameter, keyParameter string) (Asset, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Asset{}, fmt.Errorf("read asset: %w", err)
	}
	var content []byte
	if info.IsDir() {
		content, err = zipDirectory(os.DirFS(path))
	} else {
		content, err = os.ReadFile(path)
	}
	if err != nil {
		return Asset{}, fmt.Errorf("read asset %s: %w", path, err)
	}
	sum := sha256.Sum256(content)
	return Asset{Path: filepath.ToSlash(path), BucketParameter: bucketParameter, KeyParameter: keyParameter,
		Content: content, SHA256: hex.EncodeToString(sum[:])}, nil
}

// zipEpoch is the time of every entry: the earliest a zip can hold.
var zipEpoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// zipDirectory packs every regular file in lexical order.
func zipDirectory(dir fs.FS) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	err := fs.WalkDir(dir, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return addFile(archive, dir, path)
	})
	if err != nil {
		return nil, err
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func addFile(archive *zip.Writer, dir fs.FS, path string) error {
	info, err := fs.Stat(dir, path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is neither a file nor a directory", path)
	}
	data, err := fs.ReadFile(dir, path)
	if err != nil {
		return err
	}
	header := &zip.FileHeader{Name: path, Method: zip.Deflate, Modified: zipEpoch}
	mode := fs.FileMode(0o644)
	if info.Mode()&0o111 != 0 {
		mode = 0o755
	}
	header.SetMode(mode)
	w, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}
