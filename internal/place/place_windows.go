package place

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/windows/registry"
)

const remoteSession = 0x1000 // SM_REMOTESESSION

// remote asks Windows itself first: the environment can be changed by anybody.
func remote(env func(string) string) string {
	if on, _, _ := syscall.NewLazyDLL("user32.dll").NewProc("GetSystemMetrics").Call(remoteSession); on != 0 {
		return "rdp"
	}
	return remoteBySigns(env)
}

// folderID is the folder's number on its disk: moving the folder keeps it, a
// copy has another.
func folderID(dir string) string {
	name, err := syscall.UTF16PtrFromString(dir)
	if err != nil {
		return ""
	}
	const share = syscall.FILE_SHARE_READ | syscall.FILE_SHARE_WRITE | 4 // and delete
	h, err := syscall.CreateFile(name, 0, share, nil, syscall.OPEN_EXISTING, syscall.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return ""
	}
	defer func() { _ = syscall.CloseHandle(h) }()
	var i syscall.ByHandleFileInformation
	if syscall.GetFileInformationByHandle(h, &i) != nil {
		return ""
	}
	return fmt.Sprintf("%x:%x", i.VolumeSerialNumber, uint64(i.FileIndexHigh)<<32|uint64(i.FileIndexLow))
}

func machineID() string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SOFTWARE\Microsoft\Cryptography`, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if err != nil {
		return ""
	}
	defer func() { _ = k.Close() }()
	id, _, err := k.GetStringValue("MachineGuid")
	if err != nil {
		return ""
	}
	return id
}
