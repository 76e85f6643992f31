// Package shape translates between the CloudFormation shape of properties and the shapes of service APIs: names that begin
// with a capital or a small letter, policy documents as trees or as text, members picked from a larger structure, and the
// ARNs and ids that one service reads from another's. It owns the mechanical part only; what a property means is the
// business of the service. All functions return new trees and leave their arguments alone.
package shape

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Document writes a policy document as text. One that is text already is returned as it is.
func Document(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	if v == nil {
		return ""
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(v) != nil {
		return "" // unreachable for trees
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// ParseDocument reads a policy document; ok is false for what is not a JSON object.
func ParseDocument(text string) (doc map[string]any, ok bool) {
	return doc, json.Unmarshal([]byte(text), &doc) == nil && doc != nil
}

// Pick copies the named members of a structure that are present.
func Pick(from map[string]any, names ...string) map[string]any {
	out := map[string]any{}
	for _, name := range names {
		if v, ok := from[name]; ok && v != nil {
			out[name] = v
		}
	}
	return out
}

// Lower makes the names of all structures in a tree begin with a small letter. What is under a name in maps keeps its
// names; the names are those of the input.
func Lower(v any, maps ...string) any { return rename(v, lowerFirst, maps) }

// Upper is the opposite of Lower; irregular names such as efsVolumeConfiguration come from the table of exceptions.
func Upper(v any, maps ...string) any { return rename(v, upperFirst, maps) }

// irregular names the members whose capitals are not only the first letter: API name to CloudFormation name.
func irregular() map[string]string {
	return map[string]string{
		"efsVolumeConfiguration":                  "EFSVolumeConfiguration",
		"fsxWindowsFileServerVolumeConfiguration": "FSxWindowsFileServerVolumeConfiguration",
		"fileSystemId":                            "FilesystemId",
		"iam":                                     "IAM",
	}
}

func lowerFirst(name string) string {
	for api, cfn := range irregular() {
		if cfn == name {
			return api
		}
	}
	r := []rune(name)
	if len(r) > 0 {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}

func upperFirst(name string) string {
	if cfn, ok := irregular()[name]; ok {
		return cfn
	}
	r := []rune(name)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

func rename(v any, name func(string) string, maps []string) any {
	if o := wire.AsObject(v); o != nil {
		out := make(map[string]any, len(o))
		for k, e := range o {
			out[name(k)] = e
			if !slices.Contains(maps, k) {
				out[name(k)] = rename(e, name, maps)
			}
		}
		return out
	}
	if list, ok := wire.Items(v); ok {
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = rename(e, name, maps)
		}
		return out
	}
	return v
}

// Plain turns every structure of a tree into map[string]any, the only one the store keeps.
func Plain(v any) any { return rename(v, func(s string) string { return s }, nil) }

// Int reads a number that may be text; def when it is neither.
func Int(v any, def int) int {
	f, err := strconv.ParseFloat(wire.Text(v), 64)
	if err != nil {
		return def
	}
	return int(f)
}

// Bool reads a boolean that may be text.
func Bool(v any) bool { return strings.EqualFold(wire.Text(v), "true") }

// Last returns what follows the last separator, or all of it.
func Last(s, separator string) string {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[i+len(separator):]
	}
	return s
}

// ARN is a parsed ARN.
type ARN struct{ Partition, Service, Region, Account, Resource string }

// ParseARN reads an ARN.
func ParseARN(s string) (ARN, bool) {
	p := strings.SplitN(s, ":", 6)
	if len(p) != 6 || p[0] != "arn" {
		return ARN{}, false
	}
	return ARN{p[1], p[2], p[3], p[4], p[5]}, true
}

// ManagedKeyID is the id of the key that AWS keeps in a Region of an account for one of its services.
func ManagedKeyID(account, region, service string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{account, region, service}, "/")))
	h := hex.EncodeToString(sum[:16])
	return strings.Join([]string{h[:8], h[8:12], "4" + h[13:16], "8" + h[17:20], h[20:32]}, "-")
}

// ManagedKeyARN is the ARN of that key.
func ManagedKeyARN(account, region, service string) string {
	return "arn:aws:kms:" + region + ":" + account + ":key/" + ManagedKeyID(account, region, service)
}

// Zone is an Availability Zone of a Region, by number. Each Region begins with another letter: letters mean nothing.
func Zone(region string, n int) string {
	first := 0
	for _, c := range region {
		first += int(c)
	}
	return region + string(rune('a'+(first+n)%3))
}

// Window is a time of the week, or of the day, that AWS picks for what somebody did not say; each Region has others.
func Window(region, id string, weekly bool) string {
	sum := sha256.Sum256([]byte(region + "/" + id))
	hour, minute := int(sum[0])%23, int(sum[1])%60
	from, to := clock(hour, minute), clock(hour+1, minute)
	if !weekly {
		return from + "-" + to
	}
	day := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}[int(sum[2])%7]
	return day + ":" + from + "-" + day + ":" + to
}

func clock(hour, minute int) string { return fmt.Sprintf("%02d:%02d", hour, minute) }
