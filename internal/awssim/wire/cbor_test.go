package wire

import (
	"bytes"
	"encoding/hex"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

// The examples are from RFC 8949, appendix A.
func TestCBORIsReadAsTheStandardSays(t *testing.T) {
	for _, c := range []struct {
		hex  string
		want any
	}{
		{"00", int64(0)}, {"1818", int64(24)}, {"1903e8", int64(1000)}, {"1b000000e8d4a51000", int64(1000000000000)},
		{"1bffffffffffffffff", uint64(math.MaxUint64)}, {"20", int64(-1)}, {"3903e7", int64(-1000)},
		{"f90000", 0.0}, {"f93c00", 1.0}, {"f93e00", 1.5}, {"f97bff", 65504.0}, {"f90001", 5.960464477539063e-8}, {"f9c400", -4.0},
		{"fb3ff199999999999a", 1.1}, {"fa47c35000", 100000.0}, {"f97c00", math.Inf(1)}, {"f9fc00", math.Inf(-1)},
		{"f4", false}, {"f5", true}, {"f6", nil}, {"f7", nil},
		{"c11a514b67b0", time.Unix(1363896240, 0).UTC()}, {"c1fb41d452d9ec200000", time.UnixMilli(1363896240500).UTC()},
		{"4401020304", []byte{1, 2, 3, 4}}, {"6449455446", "IETF"}, {"62c3bc", "ü"}, {"80", []any{}},
		{"83010203", []any{int64(1), int64(2), int64(3)}}, {"a0", map[string]any{}},
		{"a26161016162820203", map[string]any{"a": int64(1), "b": []any{int64(2), int64(3)}}},
		{"5f42010243030405ff", []byte{1, 2, 3, 4, 5}}, {"7f657374726561646d696e67ff", "streaming"},
		{"9f018202039f0405ffff", []any{int64(1), []any{int64(2), int64(3)}, []any{int64(4), int64(5)}}},
		{"bf6346756ef563416d7421ff", map[string]any{"Fun": true, "Amt": int64(-2)}},
	} {
		raw, err := hex.DecodeString(c.hex)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeCBOR(raw)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %#v, %v, want %#v", c.hex, got, err, c.want)
		}
	}
	if v, err := DecodeCBOR([]byte{0xf9, 0x7e, 0x00}); err != nil || !math.IsNaN(v.(float64)) {
		t.Errorf("NaN: %v, %v", v, err)
	}
}

func TestBrokenCBORIsAnError(t *testing.T) {
	for _, h := range []string{"", "18", "1c", "61", "8201", "a1", "a10102", "ff", "9f", "81ff", "bf61616161ff00", "a1616100ff", "0000", "c161ff",
		"5f6161ff4100", "7f01ff", "c1f97e00", "f818", strings.Repeat("81", 100) + "00"} {
		raw, err := hex.DecodeString(h)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := DecodeCBOR(raw); err == nil {
			t.Errorf("%s was read as %#v", h, v)
		}
	}
}

func TestWhatIsWrittenAsCBORReadsBack(t *testing.T) {
	in := Object{"s": "text", "n": 7, "neg": -300, "f": 1.5, "b": true, "blob": []byte{1}, "list": []string{"a", "b"}, "gone": nil,
		"m": Map{"k": "v"}, "t": time.UnixMilli(1363896240500), "big": uint64(1 << 40)}
	want := map[string]any{"s": "text", "n": int64(7), "neg": int64(-300), "f": 1.5, "b": true, "blob": []byte{1}, "list": []any{"a", "b"},
		"m": map[string]any{"k": "v"}, "t": time.UnixMilli(1363896240500).UTC(), "big": int64(1 << 40)}
	got, err := DecodeCBOR(EncodeCBOR(in))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v", got, err)
	}
}

func FuzzCBOR(f *testing.F) {
	for _, h := range []string{"a26161016162820203", "bf6346756ef563416d7421ff", "c1fb41d452d9ec200000", "5f42010243030405ff", "1bffffffffffffffff"} {
		raw, err := hex.DecodeString(h)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := DecodeCBOR(raw)
		if err != nil {
			return
		}
		once := EncodeCBOR(v)
		again, err := DecodeCBOR(once)
		if err != nil {
			t.Fatalf("%#v was written as %x, which does not read: %v", v, once, err)
		}
		if twice := EncodeCBOR(again); !bytes.Equal(once, twice) {
			t.Fatalf("%x is written as %x the second time", once, twice)
		}
	})
}
