@echo off
rem The commands of the Makefile for Windows, except bench. Needs Python 3.11 or newer.
setlocal
cd /d "%~dp0"
set PIP_DISABLE_PIP_VERSION_CHECK=1
set PYTHONUTF8=1
set PY=.venv\Scripts\python.exe
if "%~1"=="" goto help
if /i "%~1"=="run" goto run
if /i "%~1"=="test" goto test
if /i "%~1"=="sample" goto sample
if /i "%~1"=="demo-google" goto demo
if /i "%~1"=="clean" goto clean
:help
echo make run     install, read the sheets, serve http://127.0.0.1:8501
echo make test    check format, lint, types and import contracts, run all tests
echo make sample  write data\sample
echo make demo-google  like run, with the sample in a stand-in for Google Sheets on this machine
echo make clean   remove .venv, caches and the sample's database; your own data in var\ stays
exit /b 0

:environment
if not exist %PY% (
    py -3 -m venv .venv 2>nul || python -m venv .venv || (
        echo Python 3.11 or newer is missing. Install it from python.org, then open a new window. 1>&2
        exit /b 1
    )
)
echo Installing %1 into .venv (some minutes the first time) 1>&2
%PY% -m pip install --quiet --requirement %1
exit /b %errorlevel%

:run
call :environment requirements.txt || exit /b 1
%PY% -m kpis sync
if %errorlevel% geq 2 exit /b %errorlevel%
echo http://127.0.0.1:8501  (Ctrl+C stops it)
%PY% -m streamlit run app.py --server.address 127.0.0.1 --server.port 8501
exit /b %errorlevel%

:test
call :environment requirements-dev.txt || exit /b 1
%PY% -m ruff format --check . || exit /b 1
%PY% -m ruff check . || exit /b 1
%PY% -m mypy || exit /b 1
.venv\Scripts\lint-imports.exe || exit /b 1
%PY% -m pytest -n auto -m "not browser" || exit /b 1
%PY% -m pytest -m browser
exit /b %errorlevel%

:sample
call :environment requirements.txt || exit /b 1
%PY% -m data.sample.make
exit /b %errorlevel%

:demo
call :environment requirements-dev.txt || exit /b 1
%PY% -m tests.google_stand_in -- cmd /c make.cmd run
exit /b %errorlevel%

:clean
for %%d in (.venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var\sample var\bench) do if exist %%d rmdir /s /q %%d
exit /b 0
