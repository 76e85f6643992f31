package terraform

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// asAWS makes a genuine file, which has resources of the built-in provider
// alone, one of AWS resources: what is tested is the format.
func asAWS(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(data, []byte("terraform.io/builtin/terraform"), []byte("registry.terraform.io/hashicorp/aws"))
}

// Both files were written by Terraform 1.11.4, from one state.
func TestGenuineFilesOfBothFormats(t *testing.T) {
	want := []string{
		`module.region["us-east-1"].terraform_data.queue`, `module.region["us-west-2"].terraform_data.queue`,
		`terraform_data.one[0]`, `terraform_data.one[1]`,
	}
	for _, file := range []string{"genuine.tfstate", "genuine-show.json"} {
		t.Run(file, func(t *testing.T) {
			state, err := Parse(asAWS(t, file))
			if err != nil {
				t.Fatal(err)
			}
			var addresses []string
			for _, r := range state.Resources {
				addresses = append(addresses, r.Address())
				if _, shown := r.Text("input"); shown && r.Module != "" {
					t.Errorf("%s: an attribute that holds something sensitive was handed out", r.Address())
				}
				if id, ok := r.Text("id"); !ok || len(id) != 36 {
					t.Errorf("%s: id %q", r.Address(), id)
				}
			}
			slices.Sort(addresses)
			if !slices.Equal(addresses, want) {
				t.Errorf("addresses %q, want %q", addresses, want)
			}
			if state.Version != "1.11.4" {
				t.Errorf("version %q", state.Version)
			}
		})
	}
	raw, err := Parse(asAWS(t, "genuine.tfstate"))
	if err != nil || raw.Serial != 5 || raw.Lineage == "" || raw.Resources[0].Provider.Source != "hashicorp/aws" {
		t.Errorf("state %+v, %v", raw, err)
	}
}

func TestOtherProvidersAndDataAreLeftOut(t *testing.T) {
	for file, want := range map[string]int{"genuine.tfstate": 0, "shared.tfstate": 9} {
		data, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		state, err := Parse(data)
		if err != nil || len(state.Resources) != want {
			t.Errorf("%s: %d resources, %v; want %d", file, len(state.Resources), err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const secret = "hunter2-canary"
	cases := []struct{ about, data, want string }{
		{"nothing", "  \n", "it is empty"},
		{"text", secret, "no JSON object"},
		{"half a state", `{"version": 4, "outputs": {"a": {"value": "` + secret, "not JSON at byte"},
		{"a list", `["` + secret + `"]`, "no JSON object"},
		{"other JSON", `{"password": "` + secret + `"}`, "neither version nor format_version"},
		{"the format of Terraform 0.11", `{"version": 3, "modules": []}`, "version 3; this version reads format 4"},
		{"a format to come", `{"version": 5, "resources": []}`, "version 5; this version reads format 4"},
		{"a format of show to come", `{"format_version": "2.0", "values": {}}`, `version "2.0"; this version reads 0.1 up to 1.x`},
		{"a format of show that is none", `{"format_version": "` + secret + strings.Repeat("x", 50) + `"}`, "this version reads 0.1 up to 1.x"},
		{"a plan", `{"format_version": "1.2", "planned_values": {"root_module": {}}}`, "a plan, not a state"},
		{"a state of OpenTofu that is encrypted", `{"serial": 1, "lineage": "x", "encrypted_data": "` + secret + `", "encryption_version": "v0"}`, "encrypted by OpenTofu"},
		{"a resource without a type", `{"version": 4, "resources": [{"mode": "managed", "name": "x", "provider": "provider.aws", "instances": [{}]}]}`, "resource 1 of an AWS provider has no type or no name"},
		{"resources of another kind", `{"version": 4, "resources": "` + secret + `"}`, `"resources" is of the wrong kind`},
		{"a state shown with resources of another kind", `{"format_version": "1.0", "values": {"root_module": "` + secret + `"}}`, "wrong kind"},
	}
	for _, c := range cases {
		t.Run(c.about, func(t *testing.T) {
			_, err := Parse([]byte(c.data))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("Parse: %v, want %q", err, c.want)
			}
			if strings.Contains(err.Error(), secret) && c.about != "a format of show that is none" {
				t.Errorf("the error repeats the state's text: %v", err)
			}
		})
	}
}

func TestProviderConfigurations(t *testing.T) {
	for config, want := range map[string]Provider{
		`provider["registry.terraform.io/hashicorp/aws"]`:                    {Source: "hashicorp/aws"},
		`provider["registry.terraform.io/hashicorp/aws"].west`:               {Source: "hashicorp/aws", Alias: "west"},
		`module.a["x.y"].provider["registry.opentofu.org/hashicorp/aws"].dr`: {Source: "hashicorp/aws", Alias: "dr"},
		`provider.aws`:             {Source: "aws"},
		`module.a.provider.aws.dr`: {Source: "aws", Alias: "dr"},
		``:                         {},
	} {
		want.Config = config
		if have := providerOf(config); have != want {
			t.Errorf("providerOf(%q) = %+v, want %+v", config, have, want)
		}
	}
	for source, want := range map[string]bool{"hashicorp/aws": true, "aws": true, "hashicorp/awscc": true, "hashicorp/random": false, "": false, "acme/notaws": false} {
		if ofAWS(source) != want {
			t.Errorf("ofAWS(%q) = %v", source, !want)
		}
	}
}
