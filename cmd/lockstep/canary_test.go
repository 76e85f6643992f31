package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	faults "github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

const canaryConfig = `version: 1
app: canary
strategy: warm-standby
regions: {us-east-1: {role: primary}, us-west-2: {role: standby}}
release:
  - cloudformation:
      stack: canary
      template: {us-east-1: us-east-1.yaml, us-west-2: us-west-2.yaml}
      capabilities: [CAPABILITY_IAM]
      regions:
        us-east-1: {tags: {deploy-token: %s}}
        us-west-2: {tags: {deploy-token: %s}}
read: {quota-share: 100%%}
inventory: [{terraform: {state: {us-east-1: us-east-1.tfstate, us-west-2: us-west-2.tfstate}}}]
`

// canaryState is a Terraform state with a secret in an output, in a sensitive
// attribute and under a name that says so.
const canaryState = `{"version": 4, "terraform_version": "1.11.0", "serial": 1, "lineage": "x",
  "outputs": {"db_password": {"value": "CANARY", "type": "string", "sensitive": true}},
  "resources": [
    {"mode": "managed", "type": "aws_ssm_parameter", "name": "stored", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
     "instances": [{"schema_version": 0, "attributes": {"id": "/canary/terraform-password", "name": "/canary/terraform-password", "type": "String", "value": "CANARY",
       "arn": "arn:aws:ssm:REGION:111111111111:parameter/canary/terraform-password"}, "sensitive_attributes": [[{"type": "get_attr", "value": "value"}]]}]},
    {"mode": "managed", "type": "aws_lambda_function", "name": "fn", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
     "instances": [{"schema_version": 0, "attributes": {"id": "nothing", "function_name": "nothing", "arn": "arn:aws:lambda:REGION:111111111111:function:nothing",
       "environment": [{"variables": {"API_KEY": "CANARY"}}]}}]}]}`

// nest is a directory and a simulated AWS with a canary in every hiding place,
// and everything that left: printed, written, or sent to GitHub.
type nest struct {
	*testing.T
	cloud *awssim.Cloud
	dir   string
	mu    sync.Mutex
	// left is what left, by the way it took.
	left map[string]string
}

func newNest(t *testing.T) *nest {
	t.Helper()
	cloud, err := awssim.New(awssim.Options{Seed: 1, Speed: 5000})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(cloud)
	t.Cleanup(server.Close)
	n := &nest{T: t, cloud: cloud, dir: t.TempDir(), left: map[string]string{}}
	api := httptest.NewServer(http.HandlerFunc(n.github))
	t.Cleanup(api.Close)
	none := filepath.Join(n.dir, "none")
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "nest", "AWS_SECRET_ACCESS_KEY": "nest", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_MAX_ATTEMPTS": "3", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none,
		"GITHUB_ACTIONS": "", "GITHUB_API_URL": api.URL, "NO_COLOR": "1", "RUNNER_DEBUG": "1", "ACTIONS_STEP_DEBUG": "true",
	} {
		t.Setenv(name, value)
	}
	n.write("lockstep.yml", fmt.Sprintf(canaryConfig, canaryIn(byStackTag, "us-east-1"), canaryIn(byStackTag, "us-west-2")))
	for _, region := range []string{"us-east-1", "us-west-2"} {
		n.write(region+".yaml", canaryTemplate(region))
		state := strings.ReplaceAll(canaryState, "CANARY", canaryIn(byState, region))
		n.write(region+".tfstate", strings.ReplaceAll(state, "REGION", region))
	}
	return n
}

func (n *nest) write(name, content string) {
	n.Helper()
	if err := os.WriteFile(filepath.Join(n.dir, name), []byte(content), 0o600); err != nil {
		n.Fatal(err)
	}
}

// github is an API that keeps what it is told.
func (n *nest) github(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	n.leave("told to GitHub", string(body))
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(r.URL.Path, "/user"):
		fmt.Fprint(w, `{"id": 1, "login": "bot", "type": "Bot"}`)
	case r.Method == http.MethodGet:
		fmt.Fprint(w, "[]")
	default:
		fmt.Fprint(w, `{"id": 1, "html_url": "https://github.test/1"}`)
	}
}

func (n *nest) leave(way, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.left[way] += text + "\n"
}

// run is one command line; it returns the exit code.
func (n *nest) run(args ...string) int {
	n.Helper()
	var out bytes.Buffer
	env := environment{stdout: &out, stderr: &out, commands: &out, getenv: os.Getenv, now: time.Now, random: rand.Reader,
		interrupts: func() (<-chan os.Signal, func()) { return nil, func() {} }}
	code := run(append(args, "-C", n.dir), env)
	n.leave("printed by lockstep "+strings.Join(args, " "), out.String())
	return code
}

// files are what lockstep wrote: everything but the templates and the configuration.
func (n *nest) files() {
	n.Helper()
	err := filepath.WalkDir(n.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || slices.Contains([]string{"lockstep.yml", "us-east-1.yaml", "us-west-2.yaml", "us-east-1.tfstate", "us-west-2.tfstate"}, filepath.Base(path)) {
			return err
		}
		data, err := os.ReadFile(path)
		n.leave("written to "+strings.TrimPrefix(path, n.dir), string(data))
		return err
	})
	if err != nil {
		n.Fatal(err)
	}
}

var canaries = regexp.MustCompile(`c4n4ry[0-9]{2}[A-Z0-9]*`)

// found are the canaries in a text, as they are and in base64.
func found(text string) []string {
	all := canaries.FindAllString(text, -1)
	for _, word := range regexp.MustCompile(`[A-Za-z0-9+/]{16,}={0,2}`).FindAllString(text, -1) {
		word = strings.TrimRight(word, "=")
		for skip := range 4 { // the word may begin before the encoded text does
			part := word[skip:]
			if len(part)%4 == 1 {
				part = part[:len(part)-1]
			}
			clear, _ := base64.RawStdEncoding.DecodeString(part)
			all = append(all, canaries.FindAllString(string(clear), -1)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// placeOf says in words where a canary was planted.
func placeOf(canary string) string {
	number, _ := strconv.Atoi(canary[6:8])
	if places := hidingPlaces(); number < len(places) {
		return places[number].name
	}
	return map[int]string{bySecureString: "secure parameter", byStackTag: "tag of the stack", byState: "Terraform state",
		byError: "message of an error", bySealKey: "key of a fleet", bySecretChange: "value of a secret, changed by hand"}[number]
}

// check fails for every canary that left.
func (n *nest) check() {
	n.Helper()
	for way, text := range n.left {
		for _, canary := range found(text) {
			at := strings.Index(text, canary)
			n.Errorf("the canary of %q was %s: …%s…", placeOf(canary), way, text[max(0, at-160):min(len(text), max(at, 0)+60)])
		}
	}
}

func TestACanaryIsFoundInEveryDress(t *testing.T) {
	const canary = "c4n4ry07USEAST1"
	for name, text := range map[string]string{
		"plain": "x" + canary + "y", "base64": base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\nexport A=" + canary + "\n")),
		"base64 in JSON": `{"a":"` + base64.StdEncoding.EncodeToString([]byte("a"+canary)) + `"}`,
	} {
		if have := found(text); len(have) != 1 || !strings.HasPrefix(have[0], canary) {
			t.Errorf("%s: %v in %s", name, have, text)
		}
	}
	if have := found("c4n4ry and " + base64.StdEncoding.EncodeToString([]byte("nothing to see, nothing at all"))); len(have) != 0 {
		t.Errorf("found %v where there is none", have)
	}
}

// Every type whose reader says that it seals something has a canary. The secret
// of a user pool's client is made by Cognito: the reader's own test looks for it.
func TestEveryReaderThatSealsHasACanary(t *testing.T) {
	planted := canaryTemplate("us-east-1")
	for _, s := range read.Specs() {
		if s.Secret != "" && s.Type != "AWS::Cognito::UserPoolClient" && !strings.Contains(planted, `"`+s.Type+`"`) {
			t.Errorf("%s seals %s, and no canary is planted there", s.Type, s.Secret)
		}
	}
}

// No secret leaves the program, whatever command reads it: the Regions differ in
// every secret, so that every report has something to say about each.
func TestNoCanaryLeaves(t *testing.T) {
	n := newNest(t)
	if code := n.run("deploy"); code != exitOK {
		t.Fatalf("deploy ends with %d:\n%s", code, n.left["printed by lockstep deploy"])
	}
	n.byHand()
	n.Setenv(sealKeyVariable, strings.Repeat(canaryIn(bySealKey, ""), 4))
	for _, command := range [][]string{
		{"config", "check"}, {"plan"}, {"plan", "--format", "json"}, {"status"}, {"deploy"},
		{"snapshot", "--out", "snapshots", "--cache", "cache"}, {"snapshot", "--out", "warm", "--cache", "cache"},
		{"drift"}, {"drift", "--format", "json"}, {"drift", "--format", "markdown"}, {"drift", "--from", "snapshots", "--out", "drift.txt"},
		{"gate"}, {"gate", "--format", "json", "--out", "gate.json"}, {"gate", "--format", "markdown", "--from", "snapshots"},
		{"predict"}, {"predict", "--format", "json"}, {"gate", "--static", "--format", "markdown"}, {"gate", "--plan"}, {"gate", "--plan", "--format", "json"},
		{"drift", "--format", "sarif"}, {"predict", "--format", "sarif", "--out", "predict.sarif"},
		{"report", "render", "gate.json", "--format", "html"}, {"report", "merge", "gate.json"}, {"report", "merge", "gate.json", "--format", "json"},
		{"snapshot", "--region", "us-east-1", "--out", "apart"}, {"snapshot", "--region", "us-west-2", "--out", "apart"}, {"drift", "--from", "apart"},
	} {
		n.run(command...)
	}
	drift := n.left["printed by lockstep drift"]
	for _, key := range []string{"canary/ByName", "canary/ByParameter", "canary/Stored", "canary/Secure", "canary/Task", "canary/Rule", "canary/Stage", "canary/Tagged"} {
		if !strings.Contains(drift, key) {
			t.Errorf("drift says nothing about %s, in which the Regions differ:\n%s", key, drift)
		}
	}
	n.asAction("drift")
	n.asAction("gate")
	n.inBadWeather()
	n.ledger()
	n.files()
	for _, way := range []string{"told to GitHub", "written to /output", "written to /summary", "written to /snapshots/us-west-2.json", "written to /apart/us-west-2.json", "printed by lockstep report merge gate.json",
		"written to /cache/111111111111.us-west-2.json", "written to the ledger of us-west-2"} {
		if strings.TrimSpace(n.left[way]) == "" {
			t.Errorf("nothing was %s: the test does not see what it should", way)
		}
	}
	n.check()
}

// asAction runs a command as the step of a pull request's workflow.
func (n *nest) asAction(command string) {
	n.Helper()
	n.write("event.json", `{"action":"opened","pull_request":{"number":1,"head":{"sha":"1","repo":{"full_name":"o/r"}},"base":{"ref":"main"}},"number":1}`)
	n.write("output", "")
	n.write("summary", "")
	at := func(name string) string { return filepath.Join(n.dir, name) }
	for name, value := range map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": n.dir, "GITHUB_OUTPUT": at("output"), "GITHUB_STEP_SUMMARY": at("summary"),
		"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": at("event.json"), "GITHUB_REPOSITORY": "o/r", "GITHUB_SHA": "1",
		"INPUT_COMMAND": command, "INPUT_GITHUB-TOKEN": "token", "INPUT_COMMENT": "always",
	} {
		n.Setenv(name, value)
	}
	n.run("action")
	n.Setenv("GITHUB_ACTIONS", "")
}

// inBadWeather makes calls fail with errors that carry a secret.
func (n *nest) inBadWeather() {
	n.Helper()
	message := "invalid value postgres://app:" + canaryIn(byError, "us-west-2") + "@db/app"
	for _, service := range []string{"cloudformation", "lambda", "ssm", "sts"} {
		id, err := n.cloud.Fail(awssim.Fault{Effect: faults.Error, Region: "us-west-2", Service: service, Status: 400, Code: "ValidationError", Message: message})
		if err != nil {
			n.Fatal(err)
		}
		for _, command := range []string{"drift", "gate", "plan", "deploy", "status", "snapshot --out bad", "status --json"} {
			n.run(strings.Fields(command)...)
		}
		n.cloud.Heal(id)
	}
}

// byHand plants what CloudFormation cannot: a secure parameter, and another
// value in a secret.
func (n *nest) byHand() {
	n.Helper()
	for _, region := range []string{"us-east-1", "us-west-2"} {
		n.call(region, "ssm", "AmazonSSM.DeleteParameter", `{"Name":"/canary/secure"}`)
		n.call(region, "ssm", "AmazonSSM.PutParameter", `{"Name":"/canary/secure","Type":"SecureString","Value":"`+canaryIn(bySecureString, region)+`"}`)
		n.call(region, "ssm", "AmazonSSM.PutParameter", `{"Name":"/canary/terraform-password","Type":"String","Value":"`+canaryIn(byState, region)+`"}`)
		n.call(region, "secretsmanager", "secretsmanager.PutSecretValue", `{"SecretId":"canary/kept","ClientRequestToken":"11111111-1111-1111-1111-111111111111","SecretString":"`+canaryIn(bySecretChange, region)+`"}`)
	}
}

// call is one call of AWS as the CLI would make it; it returns the answer.
func (n *nest) call(region, service, target, body string) string {
	n.Helper()
	request, err := http.NewRequest(http.MethodPost, os.Getenv("AWS_ENDPOINT_URL")+"/", strings.NewReader(body))
	if err != nil {
		n.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", target)
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=nest/20260101/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=00")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		n.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	if response.StatusCode >= 300 {
		n.Fatalf("%s in %s: %s: %s", target, region, response.Status, text)
	}
	return string(text)
}

// ledger is what lockstep wrote into the accounts in the clear. What it encrypts
// (the way back: templates and parameters) must hold the secrets.
func (n *nest) ledger() {
	n.Helper()
	for _, region := range []string{"us-east-1", "us-west-2"} {
		for next := ""; ; {
			answer := n.call(region, "ssm", "AmazonSSM.GetParametersByPath", `{"Path":"/lockstep","Recursive":true,"WithDecryption":false`+next+`}`)
			n.leave("written to the ledger of "+region, answer)
			token := regexp.MustCompile(`"NextToken":"([^"]+)"`).FindStringSubmatch(answer)
			if token == nil {
				break
			}
			next = `,"NextToken":"` + token[1] + `"`
		}
	}
}
