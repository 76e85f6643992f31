package ledger

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

// maxStandard is how much a standard parameter holds, in bytes.
const maxStandard = 4096

// writeAPI is what writing a ledger calls.
type writeAPI interface {
	readAPI
	PutParameter(context.Context, *ssm.PutParameterInput, ...func(*ssm.Options)) (*ssm.PutParameterOutput, error)
	DeleteParameter(context.Context, *ssm.DeleteParameterInput, ...func(*ssm.Options)) (*ssm.DeleteParameterOutput, error)
}

// Ledger writes the ledger of one application in one Region. It implements deploy.Ledger.
type Ledger struct {
	*Reader
	api  writeAPI
	opts Options
}

var _ deploy.Ledger = (*Ledger)(nil)

// Options replace time in tests. The zero value is the wall clock.
type Options struct {
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// New returns a ledger that can write. The configuration must be for the Region.
func New(cfg aws.Config, app, region string, opts Options) *Ledger {
	return newLedger(ssm.NewFromConfig(cfg), app, region, opts)
}

func newLedger(api writeAPI, app, region string, opts Options) *Ledger {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Sleep == nil {
		opts.Sleep = sleep
	}
	return &Ledger{Reader: &Reader{api: api, app: app, region: region}, api: api, opts: opts}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Record implements deploy.Ledger.
func (l *Ledger) Record(ctx context.Context, record deploy.Record) error {
	return l.write(ctx, "release", record, true)
}

// WriteJournal implements deploy.Ledger. The digests of the release's parts
// stay out: the release is identified without them.
func (l *Ledger) WriteJournal(ctx context.Context, journal deploy.Journal) error {
	journal.Release.Contents = nil
	journal.Reason = shortened(journal.Reason) // text from AWS has no bound
	return l.write(ctx, "decision", journal, true)
}

// ClearJournal implements deploy.Ledger.
func (l *Ledger) ClearJournal(ctx context.Context) error { return l.remove(ctx, "decision") }

// write stores an entry as JSON.
func (l *Ledger) write(ctx context.Context, entry string, value any, overwrite bool) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write %s in %s: %w", l.name(entry), l.region, err)
	}
	// SSM refuses values that hold "{{...}}", as the words of AWS about a dynamic
	// reference do. In JSON, two such braces stand side by side only in a string.
	data = bytes.ReplaceAll(data, []byte("{{"), []byte(`{\u007b`))
	return l.put(ctx, entry, string(data), types.ParameterTypeString, overwrite)
}

func (l *Ledger) put(ctx context.Context, entry, value string, kind types.ParameterType, overwrite bool) error {
	tier := types.ParameterTierStandard
	if kind == types.ParameterTypeString { // entries may outgrow it, and never shrink back to a lower tier
		tier = types.ParameterTierIntelligentTiering
	}
	_, err := l.api.PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String(l.name(entry)), Value: aws.String(value),
		Type: kind, Tier: tier, Overwrite: aws.Bool(overwrite)})
	if err != nil {
		return fmt.Errorf("write %s in %s (ssm:PutParameter): %w", l.name(entry), l.region, err)
	}
	return nil
}

// remove deletes an entry; one that is not there is fine.
func (l *Ledger) remove(ctx context.Context, entry string) error {
	_, err := l.api.DeleteParameter(ctx, &ssm.DeleteParameterInput{Name: aws.String(l.name(entry))})
	var absent *types.ParameterNotFound
	if err != nil && !errors.As(err, &absent) {
		return fmt.Errorf("delete %s in %s (ssm:DeleteParameter): %w", l.name(entry), l.region, err)
	}
	return nil
}

// imageIndex says how to put the chunks of an image together again.
type imageIndex struct {
	Chunks int    `json:"chunks"`
	SHA256 string `json:"sha256"` // of the image itself
	Bytes  int    `json:"bytes"`
}

// SaveImage implements deploy.Ledger. The image is compressed and cut into
// encrypted parameters; the index is written last, so that an image is whole
// or not there.
func (l *Ledger) SaveImage(ctx context.Context, target string, image []byte) error {
	packed, err := pack(image)
	if err != nil {
		return fmt.Errorf("save image of %s in %s: %w", target, l.region, err)
	}
	index := imageIndex{SHA256: hexSum(image), Bytes: len(image)}
	for len(packed) > 0 {
		size := min(len(packed), maxStandard)
		if err := l.put(ctx, chunkName(target, index.Chunks), packed[:size], types.ParameterTypeSecureString, true); err != nil {
			return err
		}
		packed = packed[size:]
		index.Chunks++
	}
	return l.write(ctx, imageName(target), index, true)
}

// LoadImage implements deploy.Ledger.
func (l *Ledger) LoadImage(ctx context.Context, target string) ([]byte, error) {
	values, err := l.get(ctx, l.name(imageName(target)))
	if err != nil {
		return nil, err
	}
	index, err := decode[imageIndex](l.Reader, values, imageName(target))
	if err != nil {
		return nil, err
	}
	if index == nil {
		return nil, fmt.Errorf("load image of %s in %s: there is none", target, l.region)
	}
	names := make([]string, index.Chunks)
	for i := range names {
		names[i] = l.name(chunkName(target, i))
	}
	chunks, err := l.get(ctx, names...)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	for _, name := range names {
		packed.WriteString(chunks[name])
	}
	image, err := unpack(packed.String(), index.Bytes)
	if err != nil || hexSum(image) != index.SHA256 {
		return nil, fmt.Errorf("load image of %s in %s: it is damaged", target, l.region)
	}
	return image, nil
}

func imageName(target string) string { return "image/" + clean(target) + "/index" }

func chunkName(target string, n int) string {
	return "image/" + clean(target) + "/" + strconv.Itoa(n)
}

func hexSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func pack(data []byte) (string, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

// unpack reverses pack and refuses more than size bytes.
func unpack(text string, size int) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, int64(size)+1))
}
