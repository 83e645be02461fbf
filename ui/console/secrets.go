package console

import "os"

// secretEnv are the variables that carry secrets.
var secretEnv = []string{envPassword, envNewPassword, envRecovery, envApproverPw, envApproverTOTP, envApproval, envExportPw, envCode}

// taken holds what was in them.
var taken = map[string]string{}

// TakeSecrets takes the secrets out of the program's environment: whatever it
// starts, a player of sounds, a dialog, would inherit them. back puts them there
// again.
func TakeSecrets() (back func()) {
	had := map[string]string{}
	for _, name := range secretEnv {
		if v, ok := os.LookupEnv(name); ok {
			had[name] = v
			_ = os.Unsetenv(name)
		}
	}
	old := taken
	taken = had
	return func() {
		taken = old
		for name, v := range had {
			_ = os.Setenv(name, v)
		}
	}
}

// fromEnv gives what a variable held.
func fromEnv(name string) string { return taken[name] }
