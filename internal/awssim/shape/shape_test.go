package shape

import (
	"reflect"
	"testing"
)

func TestNamesTurnBetweenTheTwoStyles(t *testing.T) {
	cfn := map[string]any{
		"Name": "v", "Options": map[string]any{"Keep": "K"},
		"Volumes": []any{map[string]any{"EFSVolumeConfiguration": map[string]any{"FilesystemId": "fs"}}},
	}
	api := map[string]any{
		"name": "v", "options": map[string]any{"Keep": "K"},
		"volumes": []any{map[string]any{"efsVolumeConfiguration": map[string]any{"fileSystemId": "fs"}}},
	}
	if got := Lower(cfn, "Options"); !reflect.DeepEqual(got, api) {
		t.Errorf("lower: %v", got)
	}
	if got := Upper(api, "options"); !reflect.DeepEqual(got, cfn) {
		t.Errorf("upper: %v", got)
	}
}

func TestDocumentsAreWrittenWithoutEscapesOfHTML(t *testing.T) {
	if got := Document(map[string]any{"a": "<&>"}); got != `{"a":"<&>"}` {
		t.Error(got)
	}
	if got := Document(`{"as": "it is"}`); got != `{"as": "it is"}` {
		t.Error(got)
	}
	if _, ok := ParseDocument(`"text"`); ok {
		t.Error("text is no document")
	}
}

func TestARNsAreReadInFull(t *testing.T) {
	a, ok := ParseARN("arn:aws:logs:us-east-1:111111111111:log-group:/a:b:*")
	if !ok || a.Region != "us-east-1" || a.Resource != "log-group:/a:b:*" {
		t.Errorf("%+v", a)
	}
	for _, s := range []string{"", "arn:aws:s3", "urn:aws:s3:::bucket"} {
		if _, ok := ParseARN(s); ok {
			t.Errorf("%q is no ARN", s)
		}
	}
	for in, want := range map[string]string{"a/b/c": "c", "abc": "abc", "a/": ""} {
		if got := Last(in, "/"); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}
