package drift

import (
	"reflect"
	"strings"
	"testing"
)

func TestSealedValuesAreEqualWhenOnlyTheirOwnPlaceDiffers(t *testing.T) {
	s := NewSealer("run-1", []byte(strings.Repeat("k", 32)))
	digest := func(region, account, value string) string {
		sealed, ok := AsSealed(s.Seal(region, account, value))
		if !ok || sealed.Run != "run-1" {
			t.Fatalf("sealing %q gave %+v", value, sealed)
		}
		return sealed.Digest
	}
	east := digest("us-east-1", "111111111111", "https://sqs.us-east-1.amazonaws.com/111111111111/q")
	if west := digest("us-west-2", "222222222222", "https://sqs.us-west-2.amazonaws.com/222222222222/q"); west != east {
		t.Error("the same secret of two places has two digests")
	}
	if west := digest("us-west-2", "222222222222", "https://sqs.us-east-1.amazonaws.com/111111111111/q"); west == east {
		t.Error("a secret that names the other Region has the digest of one that does not")
	}
	if digest("us-east-1", "", "us-east-10") == digest("us-west-2", "", "us-west-20") {
		t.Error("a Region inside a longer word was rewritten")
	}
	again := NewSealer("run-1", []byte(strings.Repeat("x", 32)))
	if other, _ := AsSealed(again.Seal("us-east-1", "", "a")); other.Digest == digest("us-east-1", "", "a") {
		t.Error("the digest does not depend on the key")
	}
}

func TestASealedValueNamesTheRegionsItMentions(t *testing.T) {
	s := NewSealer("r", []byte("k"))
	for value, want := range map[string][]string{
		"db-us-east-1.example.com, eu-west-1": {"eu-west-1", "us-east-1"},
		"s3-us-west-2.amazonaws.com":          {"us-west-2"},
		"us-east-1a us-east-12 xus-east-1":    nil,
		"us-gov-east-1":                       {"us-gov-east-1"},
		"xx-nowhere-1":                        nil,
		"":                                    nil,
	} {
		sealed, _ := AsSealed(s.Seal("", "", value))
		if !reflect.DeepEqual(sealed.Regions, want) {
			t.Errorf("%q mentions %v, want %v", value, sealed.Regions, want)
		}
	}
}
