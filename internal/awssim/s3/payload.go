package s3

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// payload returns the body of a request without the framing of aws-chunked, and the headers and trailers it came with.
// A body that does not match a checksum it came with is an error.
func payload(req *wire.Request) ([]byte, http.Header, error) {
	header := req.HTTP.Header.Clone()
	body := req.Body
	chunked := strings.Contains(header.Get("Content-Encoding"), "aws-chunked") ||
		strings.HasPrefix(header.Get("X-Amz-Content-Sha256"), "STREAMING-")
	if chunked {
		var err error
		if body, err = unchunk(body, header); err != nil {
			return nil, nil, err
		}
		encoding := strings.Trim(strings.ReplaceAll(header.Get("Content-Encoding"), "aws-chunked", ""), ", ")
		header.Del("Content-Encoding")
		if encoding != "" {
			header.Set("Content-Encoding", encoding)
		}
	}
	if want := header.Get("Content-Md5"); want != "" {
		if sum := md5.Sum(body); want != base64.StdEncoding.EncodeToString(sum[:]) {
			return nil, nil, wire.Errorf(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
		}
	}
	for _, algorithm := range algorithms() {
		want := header.Get("X-Amz-Checksum-" + algorithm)
		if want != "" && want != checksum(algorithm, body) {
			return nil, nil, wire.Errorf(400, "BadDigest", "The %s you specified did not match the calculated checksum.", strings.ToUpper(algorithm))
		}
	}
	return body, header, nil
}

// unchunk reads chunks of "SIZE[;chunk-signature=...]\r\nDATA\r\n" up to one of size zero; trailers after it become headers.
func unchunk(body []byte, header http.Header) ([]byte, error) {
	broken := wire.Errorf(400, "IncompleteBody", "The request body terminated unexpectedly")
	var out bytes.Buffer
	for {
		line, rest, found := bytes.Cut(body, []byte("\r\n"))
		if !found {
			return nil, broken
		}
		size, _, _ := strings.Cut(string(line), ";")
		n, err := strconv.ParseInt(size, 16, 32)
		if err != nil || n < 0 || int(n) > len(rest) {
			return nil, broken
		}
		if n == 0 {
			trailers(rest, header)
			return out.Bytes(), nil
		}
		out.Write(rest[:n])
		after, ok := bytes.CutPrefix(rest[n:], []byte("\r\n"))
		if !ok {
			return nil, broken
		}
		body = after
	}
}

func trailers(rest []byte, header http.Header) {
	for _, line := range strings.Split(string(rest), "\n") {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			header.Set(strings.TrimSpace(name), strings.TrimSpace(value))
		}
	}
}

// algorithms are the checksums S3 knows, as they are written in headers.
func algorithms() []string { return []string{"Crc32", "Crc32c", "Crc64nvme", "Sha1", "Sha256"} }

func checksum(algorithm string, body []byte) string {
	var h hash.Hash
	switch algorithm {
	case "Crc32":
		h = crc32.NewIEEE()
	case "Crc32c":
		h = crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "Crc64nvme":
		h = crc64.New(crc64.MakeTable(0x9a6c9329ac4bc9b5))
	case "Sha1":
		h = sha1.New()
	default:
		h = sha256.New()
	}
	h.Write(body)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
