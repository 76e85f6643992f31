package wire

import (
	"encoding/binary"
	"fmt"
	"math"
	"reflect"
	"time"
)

// EncodeCBOR writes a tree as CBOR. Members that are nil are left out; keys are sorted; times become tag 1 in seconds.
// Values outside the tree types are written as text.
func EncodeCBOR(v any) []byte { return appendCBOR(nil, v) }

func appendCBOR(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, 0xf6)
	case bool:
		if v {
			return append(b, 0xf5)
		}
		return append(b, 0xf4)
	case string:
		return append(cborHead(b, 3, uint64(len(v))), v...)
	case []byte:
		return append(cborHead(b, 2, uint64(len(v))), v...)
	case time.Time:
		return appendFloat(cborHead(b, 6, 1), float64(v.UnixMilli())/1000)
	case float64:
		return appendFloat(b, v)
	}
	if o := AsObject(v); o != nil {
		var body []byte
		n := uint64(0)
		for _, k := range o.Keys() {
			if o[k] == nil {
				continue
			}
			n++
			body = append(cborHead(body, 3, uint64(len(k))), k...)
			body = appendCBOR(body, o[k])
		}
		return append(cborHead(b, 5, n), body...)
	}
	if list, ok := Items(v); ok {
		b = cborHead(b, 4, uint64(len(list)))
		for _, e := range list {
			b = appendCBOR(b, e)
		}
		return b
	}
	rv := reflect.ValueOf(v)
	switch {
	case rv.CanInt() && rv.Int() < 0:
		return cborHead(b, 1, uint64(-1-rv.Int()))
	case rv.CanInt():
		return cborHead(b, 0, uint64(rv.Int()))
	case rv.CanUint():
		return cborHead(b, 0, rv.Uint())
	}
	return appendCBOR(b, fmt.Sprint(v))
}

func appendFloat(b []byte, f float64) []byte {
	return binary.BigEndian.AppendUint64(append(b, 0xfb), math.Float64bits(f))
}

func cborHead(b []byte, major byte, n uint64) []byte {
	m := major << 5
	switch {
	case n < 24:
		return append(b, m|byte(n))
	case n <= math.MaxUint8:
		return append(b, m|24, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, m|25), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, m|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, m|27), n)
}
