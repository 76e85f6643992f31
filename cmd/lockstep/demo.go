package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/lockstep-dr/lockstep/examples"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/spf13/cobra"
)

func newDemo(g *globals) *cobra.Command {
	dir := ""
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Tell the whole story on an embedded, simulated AWS",
		Long: `Deploy the sample application to two simulated Regions, change the standby by
hand, see the drift, see the merge blocked, heal it. Needs neither an AWS
account nor a network. Every step is a lockstep command in a process of its own,
printed as you would type it.`,
		Example: `  lockstep demo
  lockstep demo --dir /tmp/payments`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := newDemonstration(g.env, dir)
			if err != nil {
				return err
			}
			return d.run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "put the sample application and the reports into this new `directory` (default: a temporary one)")
	return cmd
}

// demonstration is one telling of the story.
type demonstration struct {
	env      environment
	program  string
	dir      string
	endpoint string
	cloud    *awssim.Cloud
}

func newDemonstration(env environment, dir string) (*demonstration, error) {
	program, err := selfPath()
	if err != nil {
		return nil, err
	}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "lockstep-demo-"); err != nil {
			return nil, fmt.Errorf("make demo directory: %w", err)
		}
	} else if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return nil, usageError{fmt.Errorf("demo directory %s is not empty: name a new one", dir)}
	}
	sample, err := sampleFiles()
	if err != nil {
		return nil, err
	}
	if err := copyTree(dir, sample); err != nil {
		return nil, fmt.Errorf("unpack sample application into %s: %w", dir, err)
	}
	cloud, err := awssim.New(awssim.Options{Seed: 1})
	if err != nil {
		return nil, err
	}
	return &demonstration{env: env, program: program, dir: dir, cloud: cloud}, nil
}

// sampleFiles are the files of the sample application.
func sampleFiles() (fs.FS, error) {
	sample, err := fs.Sub(examples.Payments, "payments")
	if err != nil {
		return nil, fmt.Errorf("unpack sample application: %w", err)
	}
	return sample, nil
}

// copyTree is os.CopyFS, but into a directory that may exist and be empty.
func copyTree(dir string, from fs.FS) error { return os.CopyFS(dir, from) }

func (d *demonstration) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	ready := make(chan string, 1)
	go func() {
		served <- d.cloud.Serve(ctx, "127.0.0.1:0", awssim.ServeOptions{Ready: func(url string) { ready <- url }})
	}()
	select {
	case d.endpoint = <-ready:
	case err := <-served:
		stop()
		return err
	}
	err := d.tell(ctx)
	stop()
	return errors.Join(err, <-served)
}

// tell goes through the scenes and stops at the first that does not end as told.
func (d *demonstration) tell(ctx context.Context) error {
	d.say("%s\n", awssim.Banner)
	d.say("The sample application is in %s\n", d.dir)
	for i, scene := range story {
		d.say("\n%s %d. %s\n\n", strings.Repeat("━", 3), i+1, scene.title)
		if err := d.play(ctx, scene); err != nil {
			return fmt.Errorf("demo, scene %d (%s): %w", i+1, scene.title, err)
		}
	}
	d.say("\nReports, snapshots and the application are in %s\n", d.dir)
	return nil
}

func (d *demonstration) play(ctx context.Context, s scene) error {
	if s.byHand != nil {
		return s.byHand(ctx, d)
	}
	for _, step := range s.commands {
		if err := d.command(ctx, step); err != nil {
			return err
		}
	}
	return nil
}

// command runs one lockstep command as a user would and checks how it ends: a
// demo that goes wrong must not look like one that went right.
func (d *demonstration) command(ctx context.Context, c command) error {
	d.say("$ lockstep %s\n", strings.Join(c.args, " "))
	child := exec.CommandContext(ctx, d.program, c.args...)
	child.Dir, child.Stdout, child.Stderr = d.dir, d.env.stdout, d.env.stderr
	child.Env = d.childEnvironment()
	err := child.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("run lockstep %s: %w", strings.Join(c.args, " "), err)
	}
	code := child.ProcessState.ExitCode()
	d.say("(exit %d: %s)\n\n", code, c.meaning)
	if code != c.exit {
		return fmt.Errorf("lockstep %s: exit code %d, want %d", strings.Join(c.args, " "), code, c.exit)
	}
	return nil
}

// childEnvironment is the process environment without what would lead a child
// to a real account or to GitHub.
func (d *demonstration) childEnvironment() []string {
	var kept []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "GITHUB_") && !strings.HasPrefix(name, "LOCKSTEP_") {
			kept = append(kept, entry)
		}
	}
	return append(kept,
		"AWS_ENDPOINT_URL="+d.endpoint,
		"AWS_ACCESS_KEY_ID=demo", "AWS_SECRET_ACCESS_KEY=demo",
		"AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE="+filepath.Join(d.dir, "no-aws-config"),
		"AWS_SHARED_CREDENTIALS_FILE="+filepath.Join(d.dir, "no-aws-credentials"),
	)
}

func (d *demonstration) say(format string, args ...any) {
	fmt.Fprintf(d.env.stdout, format, args...)
}
