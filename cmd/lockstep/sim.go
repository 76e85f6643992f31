package main

import (
	"fmt"
	"os"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/spf13/cobra"
)

func newSim(g *globals) *cobra.Command {
	var listen string
	var remote bool
	options := awssim.Options{Seed: 1}
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Serve the embedded, simulated AWS",
		Long: `Serve an embedded AWS of several Regions and accounts, for trying Lockstep out and
for tests. It is a simulation: it lives in memory, checks no signatures and is
gone when the command ends. Any credentials are taken for account 111111111111;
a role-to-assume in the configuration leads to the account it names.`,
		Example: `  lockstep sim --listen 127.0.0.1:4599
  AWS_ENDPOINT_URL=http://127.0.0.1:4599 AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x lockstep deploy`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cloud, err := awssim.New(options)
			if err != nil {
				return usageError{err}
			}
			return cloud.Serve(cmd.Context(), listen, awssim.ServeOptions{AllowRemote: remote, Log: g.env.stderr})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&listen, "listen", "127.0.0.1:4599", "`address` to listen on; port 0 picks a free one")
	flags.BoolVar(&remote, "allow-remote", false, "allow an address that other machines can reach")
	flags.Int64Var(&options.Seed, "seed", options.Seed, "`number` that generated ids depend on")
	flags.Float64Var(&options.Speed, "speed", awssim.DefaultSpeed, "how many `times` faster than AWS stack operations run")
	flags.DurationVar(&options.Latency, "latency", 0, "`duration` added to every call")
	return cmd
}

// simulatedNotice is the notice a report carries when it does not speak of AWS.
func simulatedNotice(env environment) []string {
	endpoint := env.getenv("AWS_ENDPOINT_URL")
	if endpoint == "" {
		return nil
	}
	return []string{fmt.Sprintf("AWS_ENDPOINT_URL is set: this report speaks of %s, not of AWS.", endpoint)}
}

// selfPath is the running program.
func selfPath() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find the running program: %w", err)
	}
	return path, nil
}
