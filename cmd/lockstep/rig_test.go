package main

import (
	"bytes"
	"crypto/rand"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// rig is the sample application, deployed by the program itself into both
// Regions of a simulated AWS. Reading goes through the real SDK without a
// socket, a retry or a rate limit, so that hundreds of bad days take seconds.
type rig struct {
	*testing.T
	cloud  *awssim.Cloud
	dir    string
	schema *jsonschema.Schema
}

func newRig(t *testing.T) *rig {
	t.Helper()
	return newRigOf(t, unpacedSample)
}

// newRigOf deploys another application, whose files write puts into a directory.
func newRigOf(t *testing.T, write func(dir string) error) *rig {
	t.Helper()
	cloud, err := awssim.New(awssim.Options{Seed: 1, Speed: 2000})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(cloud)
	t.Cleanup(server.Close)
	none := filepath.Join(t.TempDir(), "none")
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "rig", "AWS_SECRET_ACCESS_KEY": "rig", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_MAX_ATTEMPTS": "", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none,
		"GITHUB_ACTIONS": "", "NO_COLOR": "1",
	} {
		t.Setenv(name, value)
	}
	r := &rig{T: t, cloud: cloud, dir: t.TempDir()}
	r.check(write(r.dir))
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(report.JSONSchema()))
	r.check(err)
	compiler := jsonschema.NewCompiler()
	r.check(compiler.AddResource("report.json", document))
	r.schema, err = compiler.Compile("report.json")
	r.check(err)
	if code, out := r.run("deploy"); code != exitOK {
		t.Fatalf("deploy: exit %d\n%s", code, out)
	}
	return r
}

func (r *rig) check(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *rig) environment(out *bytes.Buffer) environment {
	return environment{
		stdout: out, stderr: out, commands: out, getenv: os.Getenv, now: time.Now, random: rand.Reader,
		interrupts: func() (<-chan os.Signal, func()) { return nil, func() {} },
	}
}

// run is one command line; it returns the exit code and everything printed.
func (r *rig) run(args ...string) (int, string) {
	var out bytes.Buffer
	code := run(append(args, "-C", r.dir), r.environment(&out))
	return code, out.String()
}

// scan does what `lockstep snapshot --out snapshots` does.
func (r *rig) scan() []*drift.Snapshot {
	r.Helper()
	g := &globals{env: r.environment(&bytes.Buffer{}), directory: r.dir}
	cfg, err := g.load()
	r.check(err)
	run, err := g.runID()
	r.check(err)
	options := g.sessionOptions(cfg)
	options.HTTPClient, options.RateShare, options.MaxAttempts, options.MaxBackoff = r.cloud.HTTPClient(), -1, 1, time.Millisecond
	taken, err := collect.Snapshots(r.Context(), collect.Options{
		App: cfg.App, Topology: g.topology(cfg), Stacks: stackSources(cfg), Session: options,
		Run: run, Sealer: drift.NewSealer(run, []byte(strings.Repeat("k", 32))), Now: time.Now,
	})
	r.check(err)
	for _, s := range taken {
		r.save(s)
	}
	return taken
}

// save writes one Region of the latest scan.
func (r *rig) save(s *drift.Snapshot) {
	r.Helper()
	var file bytes.Buffer
	r.check(drift.WriteSnapshot(&file, s))
	r.check(os.MkdirAll(filepath.Join(r.dir, "snapshots"), 0o755))
	r.check(os.WriteFile(snapshotFile(filepath.Join(r.dir, "snapshots"), s.Region.Name), file.Bytes(), 0o644))
}

// judge runs drift or gate over the latest scan and checks the report against
// the published schema.
func (r *rig) judge(command string, flags ...string) (int, report.Report) {
	r.Helper()
	code, out := r.run(append([]string{command, "--from", "snapshots", "--format", "json"}, flags...)...)
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
	if err != nil {
		r.Fatalf("%s: exit %d, no JSON: %v\n%s", command, code, err, out)
	}
	if err := r.schema.Validate(document); err != nil {
		r.Errorf("%s: the report does not follow its schema: %v", command, err)
	}
	parsed, err := report.Read(strings.NewReader(out))
	r.check(err)
	return code, parsed
}
