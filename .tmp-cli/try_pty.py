import pty, os, sys, time, select, signal, subprocess, urllib.request
def spawn(args):
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir('/work/main/.tmp-cli'); os.execv('./d', ['./d']+args)
    return pid, fd
out=b''
def read(fd, secs, until=None):
    global out; got=b''; end=time.time()+secs
    while time.time()<end:
        r,_,_=select.select([fd],[],[],0.1)
        if r:
            try: d=os.read(fd,65536)
            except OSError: break
            if not d: break
            got+=d
            if until and until in got: break
    sys.stdout.write(got.decode(errors='replace')); sys.stdout.flush()
    return got
def wait(pid):
    for _ in range(150):
        p,st=os.waitpid(pid, os.WNOHANG)
        if p: return os.waitstatus_to_exitcode(st)
        time.sleep(.1)
    return 'HANG'
def get(u):
    try: return urllib.request.urlopen(u).read()
    except Exception as e: return repr(e)
pid,fd=spawn(['run','--port','5055'])
read(fd,8,b'Ctrl+C'); print('\n>>',get('http://127.0.0.1:5055/'))
open('/work/main/.tmp-cli/hello.ts','w').write("export const hello = 'two'\n")
read(fd,8,b'Ctrl+C'); time.sleep(.2); print('\n>>',get('http://127.0.0.1:5055/'))
open('/work/main/.tmp-cli/hello.ts','w').write("export const hello = = 'two'\n")
read(fd,3,b'zzzz'); print('\n>>',get('http://127.0.0.1:5055/'))
open('/work/main/.tmp-cli/hello.ts','w').write("export const hello = 'three'\nexport const hello=1")
read(fd,3,b'zzzz')
open('/work/main/.tmp-cli/hello.ts','w').write("export const hello = 'three'\n")
read(fd,8,b'Ctrl+C'); time.sleep(.2); print('\n>>',get('http://127.0.0.1:5055/'))
open('/work/main/.tmp-cli/.env','w').write("A=1\n")
read(fd,4,b'Ctrl+C'); time.sleep(.2); print('\n>> env',get('http://127.0.0.1:5055/'))
t=time.time(); os.write(fd,b'\x03'); read(fd,2,b'zzz'); print('EXIT', wait(pid), round(time.time()-t,2))
os.remove('/work/main/.tmp-cli/.env')
pid,fd=spawn(['run','--port','5055']); read(fd,8,b'Ctrl+C')
os.kill(pid,15); print('TERM EXIT', wait(pid)); time.sleep(.3)
print(subprocess.run("pgrep -af 'dewar.js run'",shell=True,capture_output=True).stdout)
# no-reload, slow request, second signal
pid,fd=spawn(['run','--port','5055','--no-reload','--no-debug']); read(fd,8,b'Ctrl+C')
c=subprocess.Popen(['curl','-s','http://127.0.0.1:5055/slow']); time.sleep(.5)
t=time.time(); os.kill(pid,2); time.sleep(.6); os.kill(pid,2); read(fd,2,b'zzz'); print('FORCED', wait(pid), time.time()-t)
pid,fd=spawn(['run','--port','5055','--no-reload']); read(fd,8,b'Ctrl+C')
c=subprocess.Popen(['curl','-s','http://127.0.0.1:5055/slow']); time.sleep(.5)
t=time.time(); os.kill(pid,2);  print('GRACEFUL', wait(pid), time.time()-t)
