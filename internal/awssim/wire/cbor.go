package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// maxDepth bounds nesting in what strangers send.
const maxDepth = 64

var errShort = errors.New("the data ends early")

// DecodeCBOR reads one CBOR item (RFC 8949) as a tree: integers become int64 (uint64 beyond its range), floats float64,
// tag 1 time.Time, other tags are dropped, undefined is nil. Trailing bytes, map keys that are not text, and nesting
// deeper than 64 are errors.
func DecodeCBOR(data []byte) (any, error) {
	d := cborReader{data: data}
	v, err := d.item(0)
	if err == nil && len(d.data) > 0 {
		err = errors.New("data follows the item")
	}
	if err == nil && v == (stop{}) {
		err = errors.New("unexpected break")
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

type cborReader struct{ data []byte }

// stop is the "break" that ends an item of indefinite length.
type stop struct{}

const indefinite = -1

func (d *cborReader) take(n uint64) ([]byte, error) {
	if uint64(len(d.data)) < n {
		return nil, errShort
	}
	out := d.data[:n]
	d.data = d.data[n:]
	return out, nil
}

func (d *cborReader) item(depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("nested too deeply")
	}
	head, err := d.take(1)
	if err != nil {
		return nil, err
	}
	major, info := head[0]>>5, head[0]&0x1f
	if major == 7 {
		return d.simple(info)
	}
	arg, length, err := d.argument(major, info)
	if err != nil {
		return nil, err
	}
	switch major {
	case 0:
		if arg > math.MaxInt64 {
			return arg, nil
		}
		return int64(arg), nil
	case 1:
		if arg > math.MaxInt64 {
			return -1 - float64(arg), nil
		}
		return -1 - int64(arg), nil
	case 2, 3:
		return d.text(major, length, depth)
	case 4:
		return d.list(length, depth)
	case 5:
		return d.dict(length, depth)
	}
	return d.tagged(arg, depth)
}

// argument reads the number after the head; length is the same as an int, or indefinite.
func (d *cborReader) argument(major, info byte) (arg uint64, length int, err error) {
	switch {
	case info < 24:
		return uint64(info), int(info), nil
	case info <= 27:
		raw, err := d.take(1 << (info - 24))
		if err != nil {
			return 0, 0, err
		}
		var wide [8]byte
		copy(wide[8-len(raw):], raw)
		arg = binary.BigEndian.Uint64(wide[:])
		return arg, int(min(arg, math.MaxInt32)), nil
	case info == 31 && major >= 2 && major <= 5:
		return 0, indefinite, nil
	}
	return 0, 0, fmt.Errorf("reserved head %d/%d", major, info)
}

func (d *cborReader) simple(info byte) (any, error) {
	switch info {
	case 20, 21:
		return info == 21, nil
	case 22, 23:
		return nil, nil
	case 25, 26, 27:
		raw, err := d.take(1 << (info - 24))
		if err != nil {
			return nil, err
		}
		switch info {
		case 25:
			return halfFloat(binary.BigEndian.Uint16(raw)), nil
		case 26:
			return float64(math.Float32frombits(binary.BigEndian.Uint32(raw))), nil
		}
		return math.Float64frombits(binary.BigEndian.Uint64(raw)), nil
	case 31:
		return stop{}, nil
	}
	return nil, fmt.Errorf("unknown simple value %d", info)
}

func halfFloat(h uint16) float64 {
	sign, exp, frac := 1.0, int(h>>10&0x1f), float64(h&0x3ff)
	if h>>15 == 1 {
		sign = -1
	}
	switch exp {
	case 0:
		return sign * math.Ldexp(frac, -24)
	case 31:
		if frac != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(frac+1024, exp-25)
}

func (d *cborReader) text(major byte, length, depth int) (any, error) {
	var out []byte
	if length == indefinite {
		for {
			chunk, err := d.item(depth + 1)
			if err != nil {
				return nil, err
			}
			switch c := chunk.(type) {
			case stop:
				return textOrBytes(major, out), nil
			case string:
				out = append(out, c...)
			case []byte:
				out = append(out, c...)
			default:
				return nil, errors.New("a chunk is not text")
			}
		}
	}
	raw, err := d.take(uint64(length))
	if err != nil {
		return nil, err
	}
	return textOrBytes(major, append(out, raw...)), nil
}

func textOrBytes(major byte, raw []byte) any {
	if major == 3 {
		return string(raw)
	}
	return append([]byte{}, raw...)
}

func (d *cborReader) list(length, depth int) (any, error) {
	out := []any{}
	for i := 0; length == indefinite || i < length; i++ {
		v, err := d.item(depth + 1)
		if err != nil {
			return nil, err
		}
		if v == (stop{}) {
			if length == indefinite {
				return out, nil
			}
			return nil, errors.New("unexpected break")
		}
		out = append(out, v)
	}
	return out, nil
}

func (d *cborReader) dict(length, depth int) (any, error) {
	out := map[string]any{}
	for i := 0; length == indefinite || i < length; i++ {
		k, err := d.item(depth + 1)
		if err != nil {
			return nil, err
		}
		if k == (stop{}) && length == indefinite {
			return out, nil
		}
		name, ok := k.(string)
		if !ok {
			return nil, errors.New("a map key is not text")
		}
		v, err := d.item(depth + 1)
		if err != nil {
			return nil, err
		}
		if v == (stop{}) {
			return nil, errors.New("unexpected break")
		}
		out[name] = v
	}
	return out, nil
}

// furthest from 1970 a time may be, in seconds: it is written as a float, which is exact that far.
const furthest = 1 << 50

var errOutOfRange = errors.New("the time is out of range")

func (d *cborReader) tagged(tag uint64, depth int) (any, error) {
	v, err := d.item(depth + 1)
	if err != nil {
		return nil, err
	}
	if v == (stop{}) {
		return nil, errors.New("unexpected break")
	}
	if tag != 1 {
		return v, nil
	}
	switch v := v.(type) {
	case int64:
		if v > furthest || v < -furthest {
			return nil, errOutOfRange
		}
		return time.Unix(v, 0).UTC(), nil
	case float64:
		if math.IsNaN(v) || math.Abs(v) > furthest {
			return nil, errOutOfRange
		}
		return time.UnixMilli(int64(math.Round(v * 1000))).UTC(), nil
	}
	return nil, errors.New("the time is not a number")
}
